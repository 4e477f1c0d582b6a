"""The choice of an epoch that the figures of predictions share."""

from course.heldout.rows import last_epoch
from course.lessons.lesson.figure import Control, Shown


def epoch_control(given: Shown, name: str) -> Control | None:
    """After which epoch to look; 0 is before training. None where no model was trained."""
    if not (given.trace.has("parameters") and given.trace.has("low")):
        return None
    last = last_epoch(given.trace)
    return given.number(name, "After epoch", (0, last), last)
