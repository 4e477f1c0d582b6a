"""A number, within an absolute or relative tolerance. Plain digits and a point only.

A unit is shown behind the field. Whoever types it as well is understood.
"""

import math
import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

from course.quiz.content import Content
from course.quiz.kinds.base import BadResponseError, Kind, Marking, Response, Sample, Verdict
from course.quiz.roles import LONG, MINUS
from course.quiz.slips import Slip

_NUMBER = re.compile(
    r"[+-]?([0-9]{1,20}(\.[0-9]{0,20})?|\.[0-9]{1,20})(e[+-]?[0-9]{1,3})?", re.ASCII
)
_COMMA = re.compile(r"[+-]?[0-9]*,[0-9]+")

SLACK = 1e-9
"""Room for binary fractions: 0.51 is within 0.01 of 0.5, though not in floating point."""

PLAIN = 1e15
"""Up to here a float tells whole numbers apart."""

FAR = 1e7
"""From here on a number with decimals is written with a power of ten."""


class Number(Kind):
    """Right is what lies within the tolerance of the key."""

    typed: ClassVar[bool] = True
    again: ClassVar[bool] = False

    def hint(self, content: Content) -> str:  # noqa: ARG002
        """How to spell it."""
        return "Digits and a point, for example 0.25"

    def parse(self, raw: str, content: Content, shown: Sequence[str]) -> Response:  # noqa: ARG002
        """Read a number, with or without its unit."""
        return read_number(_without(content.unit, raw.strip()))

    def literal(self, value: str | float | list[float]) -> Response:
        """Read a finite number."""
        if isinstance(value, list):
            raise ValueError("A curve is no number.")  # noqa: TRY004
        number = float(value)
        if not math.isfinite(number):
            raise ValueError(f"{value!r} is not finite.")
        return number

    def alike(self, content: Content, one: Response, key: Response) -> bool:
        """Whether one lies within the tolerance of the other."""
        return near(_float(one), _float(key), content.tolerance, relative=content.relative)

    def grade(self, response: Response, content: Content, marking: Marking) -> Verdict:
        """All points within the tolerance, half of them within the wider one."""
        given, key = _float(response), _float(marking.key)
        gap = given - key
        if near(given, key, content.tolerance, relative=content.relative):
            return Verdict(correct=True, share=1.0, gap=gap)
        share = 0.0
        if content.half_tolerance is not None:
            share = 0.5 * near(given, key, content.half_tolerance, relative=content.relative)
        return Verdict(
            correct=False, share=share, matched=_matched(given, content, marking), gap=gap
        )

    def written(self, response: Response, content: Content) -> str:
        """As many digits as the tolerance asks for, and the unit."""
        return f"{_digits(_float(response), content)} {content.unit}".strip()

    def off(self, gap: float) -> str:
        """By how much, and to which side."""
        way = "high" if gap > 0 else "low"
        size = f"{abs(gap):.3f}" if abs(gap) < LONG else f"{abs(gap):.1e}".replace("e+", "e")
        return f"{size} too {way}" if round(abs(gap), 3) else "exactly there"

    def samples(self, content: Content, marking: Marking, shown: Sequence[str]) -> list[Sample]:  # noqa: ARG002
        """The key itself, each wrong number that can be told from it, and words."""
        wrong = [
            Sample(repr(_float(value)), self.grade(value, content, marking).share, name)
            for name, value in marking.wrong.items()
        ]
        key = f"{_float(marking.key)!r} {content.unit}".strip()
        return [Sample(key, 1.0), *wrong, Sample("about one", None)]

    def problems(self, content: Content) -> Iterator[Slip]:
        """A unit begins with no digit, or it could not be told from the number."""
        yield from super().problems(content)
        if content.unit[:1].isdigit() or content.unit[:1] in (".", ",", "-", "+"):
            yield Slip("unit: must not begin like a number.", ("unit",))


def read_number(raw: str) -> float:
    """Read a finite number. The page prints a real minus sign, so that is read as well."""
    text = raw.strip().replace(MINUS, "-").lower()
    if not text:
        raise BadResponseError("Type a number.")
    if _COMMA.fullmatch(text):
        point = text.replace(",", ".")
        raise BadResponseError(f"Write a point where the decimals begin: {point}")
    if not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        raise BadResponseError("Must be a number: digits and a point, for example 0.25")
    return float(text)


def _without(unit: str, text: str) -> str:
    """A number without the unit behind it."""
    if unit and text.lower().endswith(unit.lower()):
        return text[: -len(unit)].rstrip()
    return text


def _digits(number: float, content: Content) -> str:
    """As many as the tolerance asks for."""
    if number == round(number) and abs(number) < PLAIN:
        return f"{number:.0f}"
    if abs(number) >= FAR:
        return f"{number:.1e}".replace("e+", "e")
    allowed = content.tolerance * (abs(number) if content.relative else 1)
    digits = 4 if allowed <= 0 else max(0, 1 - math.floor(math.log10(allowed)))
    return f"{number:.{digits}f}"


def near(given: float, wanted: float, tolerance: float, *, relative: bool) -> bool:
    """Whether a number lies within the tolerance of another."""
    allowed = tolerance * abs(wanted) if relative else tolerance
    return abs(given - wanted) <= allowed + SLACK * max(1.0, abs(wanted))


def _matched(given: float, content: Content, marking: Marking) -> str:
    """The wrong answer that lies closest, if one lies within the tolerance."""
    distances = {
        name: abs(given - _float(value))
        for name, value in marking.wrong.items()
        if near(given, _float(value), content.tolerance, relative=content.relative)
    }
    return min(distances, key=distances.__getitem__, default="")


def _float(response: Response) -> float:
    if isinstance(response, list):
        raise TypeError("A shape where a number belongs.")
    return float(response)
