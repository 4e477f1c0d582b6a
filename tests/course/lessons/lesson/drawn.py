"""How tests make a figure of a lesson, and work a step of its run out again with PyTorch."""

from course.lessons.lesson.figure import Figure, Shown
from course.lessons.lesson.figures import FIGURES
from tests.course.drawings.svg import parsed
from tests.course.lessons.pipeline.variety import Facts, trace_of
from tests.trainer.engine import byhand
from tests.trainer.engine.textbook import Pair
from trainer.models import Run

HONEST = (
    "calm", "published", "bench", "adam, seed 3", "momentum, seed 1", "adamw, seed 2",
    "rmsprop, seed 0", "ragged by 104", "ragged by one", "one by one", "one batch",
    "one hidden unit", "long steps", "crawling", "iris", "wine, sgd, seed 1", "digits",
    "digits, few rows",
)  # fmt: skip
"""Runs of the correct loop whose numbers stay finite."""

ENDED_BADLY = ("diverged", "not finite", "stopped in epoch 3", "no batch", "failed at once")


def figure(name: str, run: str, **chosen: str | int) -> Figure | None:
    """A figure of a run of `variety`, its drawing held to what every drawing keeps."""
    words = {key: str(value) for key, value in chosen.items()}
    made = FIGURES[name](Shown(Run(), trace_of(run), words))
    if made and made.drawing:
        parsed(str(made.drawing))
    return made


def says(name: str, run: str, **chosen: str | int) -> str:
    """What a figure says that has to be there."""
    made = figure(name, run, **chosen)
    assert made
    return made.says


def last(run: str) -> int:
    """The last step of a run."""
    return len(Facts.of(run).steps)


def step_of(run: str, step: int) -> byhand.Step:
    """A step of a run of the correct loop, computed from the parameters before it."""
    return byhand.step_of(trace_of(run), Facts.of(run).after(step - 1), batch_of(run, step))


def batch_of(run: str, step: int) -> Pair:
    """The raw batch of a step."""
    return byhand.batches_of(trace_of(run))[step - 1]


def value(written: str) -> float:
    """A number as a page prints it."""
    return float(written.replace(",", "").replace("\N{MINUS SIGN}", "-"))
