"""The training trace of the page: curves, the table of epochs, the band of other seeds."""

from typing import Any

from course.lessons.pipeline.wording import count
from trainer.bands import MIN_BAND, band_of
from trainer.charts import batches, curves
from trainer.engine import probes
from trainer.engine.trace import Trace
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
    """Where this run ended among other seeds, counted."""
    mine = _last_loss(trace)
    if not band or mine is None:
        return ""
    losses = [loss for other in band if (loss := _last_loss(other)) is not None]
    lower = sum(loss < mine for loss in losses)
    return (
        f"The band is drawn from {count(len(band), 'other seed')} under the same settings, lowest "
        f"to highest at each epoch on its own. {lower} of them ended with a lower running loss "
        f"than this run's {shown(mine)}."
    )


def _last_loss(trace: Trace) -> float | None:
    value = probes.probe("last_running_loss", trace)
    return value if isinstance(value, float) else None
