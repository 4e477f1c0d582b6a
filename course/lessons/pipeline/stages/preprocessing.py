"""Stage 2: one value followed through the scaler."""

from course import drawings
from course.lessons.pipeline.section import Section
from trainer.engine import probes
from trainer.engine.names import Names
from trainer.engine.trace import Trace
from trainer.pages import shown

CAPTION = (
    "The same value before and after. The smallest training value goes to 0, the largest to 1."
)
SHAPE = "Each column is scaled by bounds of its own. The shape stays."


def tell(trace: Trace) -> Section | None:
    """None where no batch was scaled, or not once and by bounds learned before."""
    seen = probes.followed(trace)
    if seen is None or not _is_honest(trace):
        return None
    column, raw, low, high, _ = seen
    still = _still_columns(trace)
    same = trace.tensor("first.scaled").shape == trace.tensor("first.x").shape
    name = Names.of(trace.document).feature(column)
    called = f"`x[{column}]`, {name}," if name else f"`x[{column}]`"
    prose = (
        f"Follow one value: column {called} of the first row, {shown(raw)}. Over the training "
        f"rows that column goes from {shown(low)} to {shown(high)}. The scaler learned both before "
        "training began, from training rows alone."
    )
    return Section(
        slug="preprocessing",
        claim=f"Every column{' that varies' if still else ''} is stretched to 0 and 1",
        prose=[prose],
        evidence=[_still(trace, still), *([SHAPE] if same else [])],
        figure=drawings.scaling_ruler(trace, column=column),
        caption=CAPTION,
    )


def _still_columns(trace: Trace) -> int:
    """Columns that never change over the training rows."""
    bounds = zip(trace.tensor("low").flat, trace.tensor("high").flat, strict=True)
    return sum(low == high for low, high in bounds)


def _still(trace: Trace, still: int) -> str:
    if not still:
        return ""
    never = "column never changes" if still == 1 else "columns never change"
    width = trace.document["data"]["features"]
    return (
        f"{still} of {width} {never} over the training rows. There is no span to divide by; the "
        f"scaler divides by 1 instead, and {'it becomes' if still == 1 else 'they become'} 0."
    )


def _is_honest(trace: Trace) -> bool:
    lines = [line["id"] for line in trace.document["program"]]
    return lines.count("scale") == 1 and "scaler" in lines[: lines.index("for_batch")]
