"""The training loop itself: specs, programs, runs, traces and their replay.

Pure Python and PyTorch. Nothing in here knows Django, the web or the course.
"""

ENGINE_VERSION = "3"
"""Part of every trace and of its key: raise it when equal specs may give other numbers."""
