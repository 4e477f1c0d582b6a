"""Stage 2: one value followed through the scaler."""

from course.lessons import drawings
from course.lessons.pipeline.section import Section
from trainer.engine import probes
from trainer.engine.trace import Trace
from trainer.pages import shown

CAPTION = (
    "The same value before and after. The smallest training value goes to 0, the largest to 1."
)


def tell(trace: Trace) -> Section | None:
    """None where no batch was scaled, or not once and by bounds learned before."""
    seen = probes.followed(trace)
    if seen is None or not _is_honest(trace):
        return None
    column, raw, low, high, _ = seen
    same = trace.tensor("first.scaled").shape == trace.tensor("first.x").shape
    prose = (
        f"Follow one value: column `x[{column}]` of the first row, {shown(raw)}. Over the training "
        f"rows that column goes from {shown(low)} to {shown(high)}. The scaler learned both before "
        "training began, from training rows alone."
    )
    return Section(
        slug="preprocessing",
        claim="Every column is stretched to 0 and 1",
        prose=[prose],
        evidence=["Each column has bounds of its own. The shape stays."] if same else [],
        figure=drawings.scaling_ruler(trace, column=column),
        caption=CAPTION,
    )


def _is_honest(trace: Trace) -> bool:
    lines = [line["id"] for line in trace.document["program"]]
    return lines.count("scale") == 1 and "scaler" in lines[: lines.index("for_batch")]
