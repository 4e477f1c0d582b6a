"""What a figure says, read sentence by sentence: each has a rule that makes it true."""

import math
import re
from collections.abc import Callable, Mapping

import torch

from course.lessons.lesson.figure import Figure, Maker, Shown
from tests.course.drawings.svg import parsed
from tests.course.lessons.pipeline.claims import FIGURE, INT, plural, same, whole
from tests.course.lessons.pipeline.variety import LOOPS, SEEDS, SPECS, STOPPED, trace_of
from tests.sizes import size
from trainer.engine.trace import Document, Trace, as_float
from trainer.models import Run

CLASS = r"[Cc]lass (\d+)(?: \([^()]+\))?"
"""The number of a class; whether its name is the right one is seen to by `made`."""

Rule = Callable[..., object]

_SEEDED = size(6, len(SEEDS))
__all__ = [
    "RUNS", "Said", "apart", "cells", "column", "made", "plural", "same", "trace_of", "whole",
]  # fmt: skip

RUNS = [
    *(name for name in SPECS if ", seed " not in name),
    *(f"{kind}, seed {seed}" for kind in ("adam", "sgd") for seed in list(SEEDS)[:_SEEDED]),
    *(name for name in SPECS if name.endswith(("adam, seed 0", "sgd, seed 1"))),
    "momentum, seed 0", "rmsprop, seed 1", "adamw, seed 2", *LOOPS, *STOPPED,
]  # fmt: skip
"""Seeds, odd settings, odd loops and bad ends; all of the seeds in `make soak`."""


class Said:
    """The sentences that one figure may say. A text is read from its beginning, none left over."""

    def __init__(self) -> None:
        self._known: list[tuple[re.Pattern[str], Rule]] = []

    def claim(self, pattern: str) -> Callable[[Rule], Rule]:
        """Know a sentence: INT, FIGURE and CLASS are its numbers, in the order of the arguments."""
        for word, numbers in (("CLASS", CLASS), ("INT", INT), ("FIGURE", FIGURE)):
            pattern = pattern.replace(word, numbers)
        compiled = re.compile(pattern)

        def know(rule: Rule) -> Rule:
            self._known.append((compiled, rule))
            return rule

        return know

    def check(self, text: str, *facts: object) -> None:
        """Fails at a sentence that is unknown, and at one that is false."""
        left = text.strip()
        while left:
            found = [(match, rule) for known, rule in self._known if (match := known.match(left))]
            assert found, f"nobody checks this sentence: {left}"
            match, rule = max(found, key=lambda each: each[0].end())
            rule(*facts, *match.groups())
            left = left[match.end() :].strip()


def made(maker: Maker, trace: Trace, chosen: Mapping[str, str] | None = None) -> Figure | None:
    """A figure of a run, whose drawing keeps the rules of drawings."""
    run = Run(spec=trace.document["spec"], status=trace.document["status"])
    figure = maker(Shown(run, trace, chosen or {}))
    if figure and figure.drawing:
        parsed(figure.drawing)
    for number, name in re.findall(r"[Cc]lass (\d+) \(([^()]+)\)", figure.says if figure else ""):
        assert name == trace.document["data"]["class_names"][int(number)]
    return figure


def column(document: Document, name: str) -> torch.Tensor:
    """One figure of each epoch; what was not measured is not a number."""
    values = [as_float(each[name]) for each in document["epochs"]]
    known = [math.nan if value is None else value for value in values]
    return torch.tensor(known, dtype=torch.float64)


def cells(table: Document | None) -> list[list[str]]:
    assert table
    return [[cell["text"] for cell in row["cells"]] for row in table["rows"]]


def apart(written: str, one: float, other: float) -> None:
    """A difference is the one of the figures as they are printed."""
    same(written, abs(round(one, 3) - round(other, 3)))
