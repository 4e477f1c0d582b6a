"""The training trace of the page: curves, the table of epochs, the band of other seeds."""

import math
from itertools import chain
from typing import Any

from course.lessons.pipeline.wording import count
from trainer.bands import MIN_BAND, band_of
from trainer.charts import batches, curves
from trainer.engine.trace import Trace, as_float
from trainer.models import Run
from trainer.pages import epoch_table, shown


def training(run: Run, trace: Trace) -> dict[str, Any]:
    """Everything of the section, for a run that has at least one epoch."""
    others = band_of(run)
    band = others if len(others) >= MIN_BAND else []
    return {
        "charts": curves(trace, band),
        "batches": batches(trace),
        "table": epoch_table(trace.document, run),
        "band": _band_sentence(trace, band),
        "offer_band": not band and run.is_whole,
    }


def _band_sentence(trace: Trace, band: list[Trace]) -> str:
    """Where this run ended among other seeds, counted; where all of them kept to numbers."""
    mine, others = _losses(trace), [_losses(other) for other in band]
    whole = trace.document["status"] == "finished"
    if not band or not whole or not all(map(math.isfinite, chain(mine, *others))):
        return ""
    lower = sum(losses[-1] < mine[-1] for losses in others)
    return (
        f"The band is drawn from {count(len(band), 'other seed')} under the same settings, lowest "
        f"to highest at each epoch on its own. {lower} of them ended with a lower running loss "
        f"than this run's {shown(mine[-1])}."
    )


def _losses(trace: Trace) -> list[float]:
    """The running loss of each epoch; what was not measured is not a number either."""
    losses = [as_float(epoch["running_loss"]) for epoch in trace.document["epochs"]]
    return [math.nan if loss is None else loss for loss in losses]
