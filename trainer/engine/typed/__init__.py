"""Typed text as a program of the vocabulary, or an answer at each line that is none of it.

The text is parsed and compared with the vocabulary's own lines, and that is all that is done with
it: what runs is assembled from the ids of the lines that were found. Standard library only.
"""

from trainer.engine.typed.answers import Answer, Reading
from trainer.engine.typed.reading import read, read_lines

__all__ = ["Answer", "Reading", "read", "read_lines"]
