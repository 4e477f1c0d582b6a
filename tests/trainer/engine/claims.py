"""Every sentence of an observation taken apart and checked against the document's numbers.

Written apart from the engine's rules: decimals as they are printed instead of floats.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from trainer.engine.trace import Document

NUMBER = r"(-?\d+(?:\.\d+)?(?:e-?\d+)?)"


@dataclass
class Epoch:
    """One epoch, seen from its document: printed means and exact batch losses."""

    document: Document
    index: int

    @property
    def number(self) -> int:
        return self.index + 1

    def mean(self, index: int) -> Decimal | None:
        """The running loss as printed; None where nothing finite was measured."""
        value = self.document["epochs"][index]["running_loss"]
        return None if value is None or isinstance(value, str) else Decimal(f"{value:.3f}")

    @property
    def falls(self) -> list[Decimal | None]:
        """How far the mean fell into each epoch; None where that is not known."""
        means = [self.mean(index) for index in range(len(self.document["epochs"]))]
        return [
            None,
            *(a - b if a is not None and b is not None else None for a, b in pairwise(means)),
        ]

    @property
    def steps(self) -> list[Document]:
        return [each for each in self.document["steps"] if each["epoch"] == self.number]

    @property
    def losses(self) -> list[float]:
        return [float(each["loss"]) for each in self.steps if each["loss"] is not None]

    @property
    def odds(self) -> Decimal:
        return Decimal(f"{math.log(self.document['data']['classes']):.3f}")

    @property
    def diverged(self) -> bool:
        value = self.document["epochs"][self.index]["running_loss"]
        return value is not None and not float(value) <= 10 * math.log(
            self.document["data"]["classes"]
        )

    @property
    def leap(self) -> int | None:
        """Step number of the run's first leap above everything before it."""
        seen: list[tuple[float, int]] = []
        for step in self.document["steps"]:
            loss = math.nan if step["loss"] is None else float(step["loss"])
            if not math.isfinite(loss):
                return None
            if seen:
                noise = 3 / math.sqrt(min(step["rows"], seen[-1][1]))
                if loss > max(each for each, _ in seen) and loss > seen[-1][0] * (1 + noise):
                    number: int = step["step"]
                    return number
            seen.append((loss, step["rows"]))
        return None


def near(printed: str, exact: float | Decimal) -> bool:
    """Whether a printed figure is the exact one to the digits that it shows."""
    if "e" in printed:
        return math.isclose(float(printed), float(exact), rel_tol=0.05)
    return Decimal(printed) == Decimal(f"{exact:.3f}")


def against_odds(epoch: Epoch, mean: str, relation: str, odds: str, classes: str) -> bool:
    now = epoch.mean(epoch.index)
    assert now is not None
    order = "below" if now < epoch.odds else "above" if now > epoch.odds else "at"
    known = epoch.document["data"]["classes"]
    first = epoch.index == 0 or epoch.mean(epoch.index - 1) is None
    return (
        first
        and near(mean, now)
        and relation == order
        and near(odds, epoch.odds)
        and int(classes) == known
    )


def plateau(epoch: Epoch, size: str) -> bool:
    fall = epoch.falls[epoch.index]
    return fall is not None and abs(fall) <= Decimal("0.010") and near(size, abs(fall))


def rose(epoch: Epoch, size: str) -> bool:
    fall = epoch.falls[epoch.index]
    return fall is not None and fall < Decimal("-0.010") and near(size, -fall)


def fell(epoch: Epoch, size: str, rank: str, compared: str) -> bool:
    falls, fall = epoch.falls, epoch.falls[epoch.index]
    if fall is None or fall <= Decimal("0.010") or not near(size, fall):
        return False
    others = [each for i, each in enumerate(falls) if each is not None and i != epoch.index]
    largest = bool(others) and fall > max(others)
    before = falls[epoch.index - 1]
    smaller = not largest and before is not None and fall < before
    if (rank == ", the largest fall of the run") != largest or bool(compared) != smaller:
        return False
    return not smaller or (before is not None and near(compared, before))


def overshot(epoch: Epoch, low: str, high: str, step: str) -> bool:
    steps = epoch.document["steps"]
    before, after = (float(steps[int(step) - offset]["loss"]) for offset in (2, 1))
    return epoch.leap == int(step) and near(low, before) and near(high, after)


def far_off(epoch: Epoch, still: str, mean: str) -> bool:
    before = epoch.index > 0 and Epoch(epoch.document, epoch.index - 1).diverged
    now = float(epoch.document["epochs"][epoch.index]["running_loss"])
    return epoch.diverged and (still == "Still diverged") == before and near(mean, now)


def not_finite(epoch: Epoch, still: str, step: str) -> bool:
    before = epoch.index > 0 and Epoch(epoch.document, epoch.index - 1).diverged
    bad = [each["step"] for each in epoch.steps if isinstance(each["loss"], str)]
    return epoch.diverged and (still == "Still diverged") == before and bad[0] == int(step)


def rises(epoch: Epoch, times: str, pairs: str) -> bool:
    ups = [b > a for a, b in pairwise(epoch.losses)]
    return sum(ups) == int(times) > 0 and len(ups) == int(pairs) == len(epoch.steps) - 1


def all_falls(epoch: Epoch, pairs: str) -> bool:
    downs = [b < a for a, b in pairwise(epoch.losses)]
    return all(downs) and len(downs) == int(pairs) == len(epoch.steps) - 1


def ended(epoch: Epoch, step: str, kind: str) -> bool:
    error = epoch.document["error"]
    last = epoch.number == len(epoch.document["epochs"])
    return last and bool(error) and (error["step"], error["type"]) == (int(step), kind)


def no_loss(epoch: Epoch) -> bool:
    return epoch.document["epochs"][epoch.index]["running_loss"] is None


RANK = rf", the largest fall of the run|, less than the {NUMBER} before"
Check = Callable[..., bool]

CLAIMS: list[tuple[str, Check]] = [
    (
        rf"Mean loss {NUMBER}, (below|above|at) the {NUMBER} of equal odds on (\d+) classes\.",
        against_odds,
    ),
    (rf"Plateau: the mean loss moved by {NUMBER}\.", plateau),
    (rf"The mean loss rose by {NUMBER}\.", rose),
    (rf"The mean loss fell by {NUMBER}({RANK})?\.", fell),
    (rf"Overshot: the loss leapt from {NUMBER} to {NUMBER} at step (\d+)\.", overshot),
    (rf"(Diverged|Still diverged): the mean loss is {NUMBER}\.", far_off),
    (r"(Diverged|Still diverged): at step (\d+) the loss is not a finite number\.", not_finite),
    (r"From batch to batch it rose (\d+) of (\d+) times\.", rises),
    (r"It fell at each of the (\d+) changes of batch\.", all_falls),
    (r"The run ended in this epoch, at step (\d+): (\w+)\.", ended),
    (r"No loss was computed in this epoch\.", no_loss),
]
COURSE = {against_odds, plateau, rose, fell}


def check_sentences(document: Document, index: int) -> set[Check]:
    """Check all that is said of an epoch, word by word; the claims that were made."""
    text, epoch = document["epochs"][index]["observation"], Epoch(document, index)
    made: set[Check] = set()
    rest = text
    while rest:
        found = [(re.match(pattern + r"(?: |$)", rest), check) for pattern, check in CLAIMS]
        matches = [(match, check) for match, check in found if match]
        assert len(matches) == 1, f"not understood: {rest!r}"
        match, check = matches[0]
        assert check(epoch, *(group or "" for group in match.groups())), (text, match[0])
        assert check not in made, text
        made.add(check)
        rest = rest[match.end() :]
    return made


def expected(document: Document, index: int) -> set[Check] | None:
    """The claims that must be made about an epoch; the course is told by its check alone."""
    epoch = Epoch(document, index)
    if document["error"] and index == len(document["epochs"]) - 1:
        return {ended}
    if no_loss(epoch):
        return {no_loss}
    leap = {overshot} if epoch.leap in {each["step"] for each in epoch.steps} else set()
    if epoch.diverged:
        return leap | ({far_off} if epoch.mean(index) is not None else {not_finite})
    pairs = list(pairwise(epoch.losses))
    up, down = any(b > a for a, b in pairs), all(b < a for a, b in pairs)
    batches = {rises} if up else {all_falls} if pairs and down else set()
    return leap | batches


def check(document: Document) -> None:
    """Everything that the document's observations say is so, and nothing that is so is left out."""
    for index in range(len(document["epochs"])):
        made, must = check_sentences(document, index), expected(document, index)
        course = made & COURSE
        assert made - COURSE == must, document["epochs"][index]["observation"]
        assert len(course) == (0 if must & {ended, no_loss, far_off, not_finite} else 1)
