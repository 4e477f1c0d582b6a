"""Comparisons of tensors: parameters, scaled columns, hidden units, logits."""

import math

from trainer.engine.comparisons.reading import ratio, tensor
from trainer.engine.comparisons.registry import as_comparison
from trainer.engine.trace import Trace, Values

SUM_TOLERANCE = 1e-4
"""Float32 probabilities of a row add up to 1 within this."""


@as_comparison(
    "From the first step to the last, {argument} changes by at most {figure}.",
    "in one number",
    takes="names of parameters",
)
def largest_change(run: Trace, _: Trace, argument: str) -> float:
    """The largest change of a number in these parameters."""
    stored, places = tensor(run, "parameters"), _places(run, argument.split())
    if stored is None or not places:
        return math.nan
    first, last = stored[0].flat, stored[-1].flat
    return max(abs(last[place] - first[place]) for place in places)


def _places(run: Trace, names: list[str]) -> list[int]:
    """Where the numbers of these parameters stand."""
    found, start = list[int](), 0
    for each in run.document["layout"]:
        size = math.prod(each["shape"])
        found += range(start, start + size) if each["name"] in names else ()
        start += size
    return found


@as_comparison(
    "One starting parameter is {figure} away from its value in the run beside it.",
    "in one number",
)
def start_difference(run: Trace, beside: Trace, _: str) -> float:
    """The largest difference before the first step."""
    ours, theirs = tensor(run, "parameters"), tensor(beside, "parameters")
    if ours is None or theirs is None:
        return math.nan
    return _largest(ours[0], theirs[0])


@as_comparison(
    "One bound of a column is {figure} away from that of the run beside it.", "in raw units"
)
def bound_difference(run: Trace, beside: Trace, _: str) -> float:
    """The largest difference of a smallest or largest value."""
    pairs = [(tensor(run, name), tensor(beside, name)) for name in ("low", "high")]
    found = [_largest(a, b) for a, b in pairs if a is not None and b is not None]
    return max(found, default=math.nan)


def _largest(ours: Values, theirs: Values) -> float:
    pairs = zip(ours.flat, theirs.flat, strict=False)
    return max((abs(a - b) for a, b in pairs), default=math.nan)


@as_comparison(
    "Half of the second column of batch 1 is scaled to {figure} or less.", "after scaling"
)
def middle_of_second_column(run: Trace, _: Trace, __: str) -> float:
    """The middle value once they are sorted."""
    scaled = tensor(run, "first.scaled")
    if scaled is None:
        return math.nan
    column = sorted(row.flat[1] for row in scaled)
    return column[len(column) // 2]


@as_comparison("{figure} of the first batch's scores are exactly 0.", "of the scores")
def clipped_share(run: Trace, _: Trace, __: str) -> float:
    """Scores that nothing can be learnt from."""
    scores = tensor(run, "first.logits")
    if scores is None:
        return math.nan
    return sum(score == 0 for score in scores.flat) / len(scores.flat)


@as_comparison("The scores of {figure} rows of batch 1 sum to 1.", "rows")
def rows_that_sum_to_one(run: Trace, _: Trace, __: str) -> float:
    """As probabilities would."""
    scores = tensor(run, "first.logits")
    if scores is None:
        return math.nan
    return float(sum(abs(math.fsum(row.flat) - 1) < SUM_TOLERANCE for row in scores))


@as_comparison(
    "After training {figure} of the hidden units are 0 for every training row.",
    "of the hidden units",
)
def silent_share(run: Trace, _: Trace, __: str) -> float:
    """Units that no row can move any more."""
    silent: int | None = run.document["silent_units"]
    return math.nan if silent is None else ratio(silent, run.document["spec"]["hidden"])


@as_comparison("{figure} hidden units are 0 for some rows of batch 1, but not for all.", "units")
def units_now_and_then(run: Trace, _: Trace, __: str) -> float:
    """Units that show a zero and are not dead."""
    hidden = tensor(run, "first.hidden")
    if hidden is None:
        return math.nan
    units = zip(*(row.flat for row in hidden), strict=True)
    return float(sum(0 < sum(value == 0 for value in unit) < len(hidden) for unit in units))
