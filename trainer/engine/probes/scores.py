"""Probes of scores to work with: a logit in its parts, and rows whose numbers mislead.

Logits are those of the trained model for rows of batch 1, but for the guesses, which the model made
in step 1.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from trainer.engine.probes.layers import dot, softmax
from trainer.engine.probes.model_input import Sizes, sizes_of
from trainer.engine.probes.prediction_trace import ROWS_TRIED, trained
from trainer.engine.probes.registry import PROBES, Found, Probe, as_probe
from trainer.engine.trace import Trace

TOLD_APART = 0.05
"""Scores that lie no nearer can be told apart, whichever way they are rounded."""

FARTHEST = 1000.0
"""Scores of a model that has run away are no longer worth a sum by hand."""

MINUS = "\N{MINUS SIGN}"

# -- one logit, in its parts -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Score:
    """A logit: hidden values times the weights of a class, added up, and its bias."""

    row: int
    of_class: int
    products: float
    bias: float

    @property
    def logit(self) -> float:
        """What the last layer gives."""
        return self.products + self.bias


def scores(trace: Trace) -> Iterator[list[Score]]:
    """The logits of each row of batch 1, one per class."""
    model = trained(trace)
    if model is None or not trace.has("first.scaled"):
        return
    numbers = trace.tensor("first.rows").flat
    for number, row in zip(numbers, trace.tensor("first.scaled"), strict=True):
        hidden = model.hidden(row.flat)
        yield [
            Score(int(number), index, dot(weights.flat, hidden), model.bias2[index])
            for index, weights in enumerate(model.weight2)
        ]


def below(trace: Trace) -> Score | None:
    """The first one below 0 whose bias makes a difference."""
    every = (each for row in islice(scores(trace), ROWS_TRIED) for each in row)
    return next(filter(_plainly_below, every), None)


def _plainly_below(score: Score) -> bool:
    parts = (abs(score.products), 2 * abs(score.bias))
    return score.logit < -TOLD_APART and all(TOLD_APART < part < FARTHEST for part in parts)


def _of_below(value: Callable[[Score], Found]) -> Probe:
    def asked(trace: Trace) -> Found:
        found = below(trace)
        return None if found is None else value(found)

    return asked


PROBES |= {
    "below_row": _of_below(lambda score: score.row),
    "below_class": _of_below(lambda score: score.of_class),
    "below_products": _of_below(lambda score: score.products),
    "below_bias": _of_below(lambda score: score.bias),
    "below_logit": _of_below(lambda score: score.logit),
}

# -- a row whose largest logit is not the farthest from 0 ---------------------------------


@dataclass(frozen=True, slots=True)
class Signed:
    """A row with a logit per class."""

    row: int
    logits: list[float]

    @property
    def winner(self) -> int:
        """The class of the largest logit."""
        return self.logits.index(max(self.logits))

    @property
    def lead(self) -> float:
        """How far the largest logit is ahead of the next."""
        return _lead(self.logits)

    @property
    def lead_by_size(self) -> float:
        """The same, were signs left out."""
        return _lead([abs(each) for each in self.logits])


def _lead(values: list[float]) -> float:
    *_, second, first = sorted(values)
    return first - second


def signed(trace: Trace) -> Signed | None:
    """The first row of batch 1 of which all this can be told."""
    rows = (Signed(row[0].row, [each.logit for each in row]) for row in scores(trace))
    return next(filter(_misleads, rows), None)


def _misleads(row: Signed) -> bool:
    apart = (row.lead, -min(row.logits) - max(row.logits), abs(row.lead - row.lead_by_size))
    return min(apart) > TOLD_APART and max(map(abs, row.logits)) < FARTHEST


def _of_signed(value: Callable[[Signed], Found]) -> Probe:
    def asked(trace: Trace) -> Found:
        found = signed(trace)
        return None if found is None else value(found)

    return asked


def _listed(values: list[float]) -> str:
    return ", ".join(f"{value:.3f}".replace("-", MINUS) for value in values)


PROBES |= {
    "signed_row": _of_signed(lambda row: row.row),
    "signed_row_logits": _of_signed(lambda row: _listed(row.logits)),
    "signed_row_class": _of_signed(lambda row: row.winner),
    "signed_row_lead": _of_signed(lambda row: row.lead),
    "signed_row_lead_by_size": _of_signed(lambda row: row.lead_by_size),
    "signed_row_lowest": _of_signed(lambda row: min(row.logits)),
}

# -- four guesses of step 1 ----------------------------------------------------------------

PLACES = ("first", "second", "third", "fourth")


@dataclass(frozen=True, slots=True)
class Guess:
    """What the model said to a row in step 1. `share` is as it is printed."""

    row: int
    label: int
    named: int
    share: float

    @property
    def right(self) -> bool:
        """Whether the class named is the true one."""
        return self.named == self.label

    def __str__(self) -> str:
        """As a page tells it."""
        named = f"the model names class {self.named} with {self.share:.3f}"
        return f"Row {self.row}, of class {self.label}: {named}."


def guesses(trace: Trace) -> list[Guess] | None:
    """Four rows, one after the other: the surest guess is right, and two at least are wrong."""
    if not trace.has("first.row_losses"):
        return None
    columns = (trace.tensor(name).flat for name in ("first.rows", "first.y"))
    rows = zip(*columns, trace.tensor("first.logits"), strict=True)
    every = [_guess(int(row), int(label), list(logits.flat)) for row, label, logits in rows]
    count = len(PLACES)
    for start in range(len(every) - count + 1):
        four = [each for each in every[start : start + count] if each]
        told_apart = len({each.share for each in four}) == count
        wrong = sum(not each.right for each in four)
        if told_apart and wrong > 1 and max(four, key=lambda each: each.share).right:
            return four
    return None


def _guess(row: int, label: int, logits: list[float]) -> Guess | None:
    if not all(map(math.isfinite, logits)):
        return None
    shares = softmax(logits)
    return Guess(row, label, shares.index(max(shares)), round(max(shares), 3))


def _told(place: int) -> Probe:
    def asked(trace: Trace) -> Found:
        four = guesses(trace)
        return str(four[place]) if four else None

    return asked


PROBES |= {f"guess_{name}": _told(place) for place, name in enumerate(PLACES)}


@as_probe
def surest_wrong(trace: Trace) -> Found:
    """Which of the four is the surest of those that are wrong."""
    four = guesses(trace)
    if not four:
        return None
    wrong = [place for place, each in enumerate(four) if not each.right]
    return PLACES[max(wrong, key=lambda place: four[place].share)]


@as_probe
def guesses_right(trace: Trace) -> Found:
    """How many of the four are right."""
    four = guesses(trace)
    return sum(each.right for each in four) if four else None


@as_probe
def guesses_share(trace: Trace) -> Found:
    """Their mean share."""
    four = guesses(trace)
    return math.fsum(each.share for each in four) / len(four) if four else None


# -- shapes of one row ---------------------------------------------------------------------


def _shape(size: Callable[[Sizes], int]) -> Probe:
    def asked(trace: Trace) -> Found:
        sizes = sizes_of(trace)
        return None if sizes is None else str((1, size(sizes)))

    return asked


PROBES |= {
    "one_row_shape": _shape(lambda sizes: sizes.features),
    "one_row_hidden_shape": _shape(lambda sizes: sizes.hidden),
    "one_row_logits_shape": _shape(lambda sizes: sizes.classes),
}
