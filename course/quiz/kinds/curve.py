"""A curve to draw: a number per epoch.

`key` is a curve of the run, `{probe heldout_losses}`; options with a value are wrong curves to
expect, another curve or numbers with blanks between. The form sends a number per line. Curves with
different numbers of epochs are laid over one another from their first to their last epoch.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, ClassVar

from course.quiz import roles
from course.quiz.content import Content
from course.quiz.kinds.base import (
    BadResponseError,
    Kind,
    Marking,
    Response,
    Sample,
    Verdict,
    lines_of,
)
from course.quiz.kinds.number import read_number
from course.quiz.roles import Values
from course.quiz.slips import Slip
from trainer.engine.probes import CURVES

USUAL, MOST = 5, 200
"""Epochs that are asked for where no run says how many, and the most that a run has."""

DIGITS = 3
FAR_OFF = 100


class Curve(Kind):
    """Right is a curve near enough to the real one.

    distance = area between the two curves / area under the real one, both from the first epoch to
    the last with straight lines between epochs. Full points within `tolerance`; from there they
    fall evenly, to half of them at `half_tolerance`, and not below 0.
    """

    control: ClassVar[str] = "curve"
    longest: ClassVar[int] = 5000

    def hint(self, content: Content) -> str:
        """How it counts."""
        half = content.half_tolerance or content.tolerance
        return (
            "Counted is the area between your curve and the real one, as a share of the area under "
            f"the real one: all points up to {_percent(content.tolerance)}, half of them at "
            f"{_percent(half)}, falling evenly."
        )

    def asks(self, content: Content, values: Values, shown: Sequence[str]) -> dict[str, Any]:  # noqa: ARG002
        """How many epochs, and what is drawn up to where; nothing of the real curve.

        Of a run that is still to be made, `epochs` may be known.
        """
        name = roles.alone(content.key) or ""
        real, planned = values.get(name), values.get("epochs")
        epochs = planned if isinstance(planned, int) else USUAL
        epochs = len(real) if isinstance(real, list) else epochs
        about = CURVES.get(name)
        return {
            "epochs": list(range(1, epochs + 1)),
            "label": about.label if about else "",
            "top": about.top if about else 1.0,
        }

    def parse(self, raw: str, content: Content, shown: Sequence[str]) -> Response:  # noqa: ARG002
        """Read a number per epoch."""
        given = lines_of(raw)
        if not any(each.strip() for each in given):
            raise BadResponseError("Draw the curve: a number for each epoch.")
        if len(given) > MOST:
            raise BadResponseError(f"At most {MOST} epochs.")
        return [_read(epoch, each) for epoch, each in enumerate(given, 1)]

    def literal(self, value: str | float | list[float]) -> Response:
        """Read a curve: a probe's, or an author's numbers. It needs one finite number."""
        numbers = value if isinstance(value, list) else str(value).split()
        curve = [float(each) for each in numbers]
        if not any(map(math.isfinite, curve)):
            raise ValueError(f"{value!r} is no curve.")
        return curve

    def wrong(self, content: Content, values: Values, key: Response) -> dict[str, Response]:
        """Those that lie farther from the real one than half the points reach."""
        return {
            name: value
            for name, value in super().wrong(content, values, key).items()
            if distance(_floats(value), _floats(key)) > (content.half_tolerance or 0)
        }

    def alike(self, content: Content, one: Response, key: Response) -> bool:
        """Whether it would earn all points."""
        return distance(_floats(one), _floats(key)) <= content.tolerance

    def grade(self, response: Response, content: Content, marking: Marking) -> Verdict:
        """By the distance; a wrong curve to expect is matched where it lies nearer."""
        given, key = _floats(response), _floats(marking.key)
        off = distance(given, key)
        share = _share(off, content)
        if share == 1:
            return Verdict(correct=True, share=1.0, gap=off)
        near = {name: distance(given, _floats(each)) for name, each in marking.wrong.items()}
        best = min(near, key=near.__getitem__, default="")
        matched = best if best and near[best] < off else ""
        return Verdict(correct=False, share=share, matched=matched, gap=off)

    def written(self, response: Response, content: Content) -> str:  # noqa: ARG002
        """The numbers in a row."""
        return ", ".join(map(_written, _floats(response)))

    def off(self, gap: float) -> str:
        """As a share."""
        size = f"{100 * gap:.0f} %" if gap < FAR_OFF else f"more than {100 * FAR_OFF:,} %"
        return f"the area between is {size} of that under the real curve"

    def samples(self, content: Content, marking: Marking, shown: Sequence[str]) -> list[Sample]:  # noqa: ARG002
        """The real curve, each wrong one to expect, and one with an epoch left out."""
        key = [each for each in _floats(marking.key) if math.isfinite(each)]
        wrong = [
            Sample(_raw(_floats(value)), self.grade(value, content, marking).share, name)
            for name, value in marking.wrong.items()
        ]
        whole = len(key) == len(_floats(marking.key))
        right = [Sample(_raw(key), 1.0)] if whole else []
        return [*right, *wrong, Sample("0.5\n\n0.5", None)]

    def problems(self, content: Content) -> Iterator[Slip]:
        """A curve of the run, and room between all points and none."""
        yield from super().problems(content)
        if roles.alone(content.key) not in CURVES:
            yield Slip(f"key: one of {', '.join(CURVES)}, as {{probe NAME}}.", ("key",))
        if content.half_tolerance is None or content.half_tolerance <= content.tolerance:
            yield Slip("half_tolerance: above the tolerance, for a curve.", ("half_tolerance",))


def distance(drawn: Sequence[float], real: Sequence[float]) -> float:
    """Area between two curves as a share of the area under the real one.

    Epochs whose real value is not finite are left out. 0 where they are the same, and never more
    than 1e9: a curve of zeros has no area under it.
    """
    places = [place for place, value in enumerate(real) if math.isfinite(value)]
    known = [real[place] for place in places]
    if not known:
        return MOST_APART
    end = (len(real) - 1) or 1
    mine = [_at(drawn, place / end) for place in places]
    size = max(map(abs, [*mine, *known])) or 1.0
    gaps = [one / size - other / size for one, other in zip(mine, known, strict=True)]
    whole = _area([value / size for value in known], places)
    between = _area(gaps, places)
    return min(between / whole, MOST_APART) if whole else MOST_APART * (between > 0)


MOST_APART = 1e9


def _area(values: Sequence[float], places: Sequence[int]) -> float:
    """Between a line through the values and zero, where it crosses it as well."""
    if len(values) == 1:
        return abs(values[0])
    widths = [after - before for before, after in pairwise(places)]
    pieces = zip(pairwise(values), widths, strict=True)
    return math.fsum(_strip(one, other) * width for (one, other), width in pieces)


def _strip(one: float, other: float) -> float:
    """The same of a piece one wide."""
    if one * other >= 0:
        return (abs(one) + abs(other)) / 2
    return (one * one + other * other) / (2 * (abs(one) + abs(other)))


def _at(curve: Sequence[float], share: float) -> float:
    """The value of a curve at a share of its way, on the straight line between two epochs."""
    place = share * (len(curve) - 1)
    before = min(int(place), len(curve) - 1)
    after = min(before + 1, len(curve) - 1)
    part = place - before
    return curve[before] * (1 - part) + curve[after] * part


def _share(off: float, content: Content) -> float:
    """Of the points, in hundredths."""
    if off <= content.tolerance + 1e-9:
        return 1.0
    half = content.half_tolerance or content.tolerance
    fall = 2 * (half - content.tolerance)
    share = 1 - (off - content.tolerance) / fall if fall else 0.0
    return min(0.99, max(0.0, round(share, 2)))


def _read(epoch: int, raw: str) -> float:
    try:
        return read_number(raw)
    except BadResponseError as error:
        raise BadResponseError(f"Epoch {epoch}: {error}") from error


def _floats(response: Response) -> list[float]:
    """The numbers; those that are not finite came as words."""
    return [float(each) for each in response] if isinstance(response, list) else [float(response)]


def _written(value: float) -> str:
    return f"{value:.{DIGITS}f}" if abs(value) < roles.LONG else f"{value:.1e}"


def _raw(curve: Sequence[float]) -> str:
    return "\n".join(map(repr, curve))


def _percent(share: float) -> str:
    return f"{100 * share:g} %"
