"""What comes of reading a text."""

from dataclasses import dataclass

from trainer.engine.program import Program


@dataclass(frozen=True, slots=True)
class Answer:
    """Why a line of the text, counted from 1, cannot be taken: a sentence or two."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A program, or answers in the order of the text; never both.

    lines: for each line of the program the line of the text that it was read from, 0 for those
    that the course's own loop puts around them.
    """

    program: Program | None = None
    answers: tuple[Answer, ...] = ()
    lines: tuple[int, ...] = ()

    @classmethod
    def refused(cls, *answers: Answer) -> "Reading":
        """A text that is no program, for these reasons."""
        return cls(answers=tuple(sorted(answers, key=lambda each: each.line)))
