"""A sum of products opened: weight times value, term by term, a bias, and perhaps ReLU.

Knows no run: whoever calls gives the numbers.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from django.utils.safestring import SafeString

from course.drawings.numerals import decimal, signed
from course.drawings.svg import Told
from course.drawings.waterfall import Step, waterfall

DRAWN = 12
"""Terms that are drawn one by one; more are the largest, and the others together."""
DIGITS, MOST_DIGITS = 3, 8


@dataclass(frozen=True, slots=True)
class Sum:
    """What goes into one output of a layer: names, weights and values of its terms, its bias.

    total: with the bias; relu: what ReLU makes of that, None where there is none behind it.
    """

    names: Sequence[str]
    weights: Sequence[float]
    values: Sequence[float]
    bias: float
    total: float
    relu: float | None = None

    @property
    def terms(self) -> list[float]:
        """Weight times value."""
        return [w * x for w, x in zip(self.weights, self.values, strict=True)]

    @property
    def products(self) -> float:
        """All terms together."""
        terms = self.terms
        return math.fsum(terms) if all(map(math.isfinite, terms)) else sum(terms)


def drawn(told: Told, shown: Sum) -> SafeString:
    """Each bar begins where the last one ended; the whole stands below them."""
    added = [*_few(shown), ("bias", shown.bias)]
    ends = list(accumulate(value for _, value in added))
    steps = [
        Step(name, end - value, end, signed(value), "ink-3" if name == "bias" else "s3")
        for (name, value), end in zip(added, ends, strict=True)
    ]
    steps.append(Step("sum", 0.0, shown.total, signed(shown.total), "ink-2"))
    if shown.relu is not None:
        steps.append(Step("ReLU", 0.0, shown.relu, decimal(shown.relu), "ink"))
    return waterfall(told, ("", "0", "adds"), steps)


def _few(shown: Sum) -> list[tuple[str, float]]:
    """In their order, those that matter most; the others as one."""
    terms = list(zip(shown.names, shown.terms, strict=True))
    if len(terms) <= DRAWN:
        return terms
    kept = {name for name, _ in sorted(terms, key=lambda term: -abs(term[1]))[: DRAWN - 1]}
    rest = sum(value for name, value in terms if name not in kept)
    return [*(term for term in terms if term[0] in kept), ("rest", rest)]


def says(shown: Sum) -> str:
    """The addition with as many digits as it takes to come out as printed."""
    lengths = range(DIGITS, MOST_DIGITS + 1)
    digits = next((each for each in lengths if _adds_up(shown, each)), MOST_DIGITS)
    numbers = (shown.products, shown.bias, shown.total)
    products, bias, total = (decimal(value, digits) for value in numbers)
    said = f"The products add up to {products}. With the bias {bias} that makes {total}."
    if shown.relu is None:
        return said
    if shown.total > 0:
        return f"{said} It is above 0, so ReLU hands it on as it is."
    return f"{said} It is not above 0, so ReLU hands on 0."


def _adds_up(shown: Sum, digits: int) -> bool:
    parts = round(shown.products, digits) + round(shown.bias, digits)
    return round(parts, digits) == round(shown.total, digits)


def rows(shown: Sum) -> list[list[str]]:
    """For a table: term, weight, value, weight times value; below them what they come to."""
    five = [
        [name, *(decimal(each, 5) for each in (weight, value, weight * value))]
        for name, weight, value in zip(shown.names, shown.weights, shown.values, strict=True)
    ]
    ends = [("all products", shown.products), ("bias", shown.bias), ("sum", shown.total)]
    if shown.relu is not None:
        ends.append(("after ReLU", shown.relu))
    return five + [[name, "", "", decimal(value, 5)] for name, value in ends]


HEADS = ("Weight", "Value", "Weight × value")
