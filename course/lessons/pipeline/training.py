"""The training trace of the page: curves, the band of other seeds, and the published figures."""

from typing import Any

from course.lessons.pipeline.wording import count
from trainer import figures
from trainer.bands import MIN_BAND, band_of
from trainer.curve import curve
from trainer.engine import probes
from trainer.engine.trace import Document, Trace, as_float
from trainer.models import Run
from trainer.pages import epoch_table, shown


def training(run: Run, trace: Trace) -> dict[str, Any]:
    """Everything of the section, for a run that has at least one epoch."""
    others = band_of(run)
    band = others if len(others) >= MIN_BAND else []
    return {
        "charts": [_loss_chart(trace, band), _accuracy_chart(trace, band)],
        "batches": [_batch_chart(trace)],
        "table": epoch_table(trace.document, run),
        "band": _band_sentence(trace, band),
        "offer_band": not band and run.is_whole,
    }


def _loss_chart(trace: Trace, band: list[Trace]) -> dict[str, Any]:
    return {
        "title": "Loss (cross-entropy)",
        "figure": figures.loss_figure(trace, band),
        "svg": curve(trace),
        "says": _falls_from_to(trace.document, "running_loss", "heldout_loss", "loss"),
    }


def _accuracy_chart(trace: Trace, band: list[Trace]) -> dict[str, Any]:
    return {
        "title": "Accuracy (share of rows)",
        "figure": figures.accuracy_figure(trace, band),
        "says": _falls_from_to(trace.document, "running_accuracy", "heldout_accuracy", "accuracy"),
    }


def _falls_from_to(document: Document, running: str, heldout: str, noun: str) -> str:
    first, last = document["epochs"][0], document["epochs"][-1]
    if as_float(first[running]) is None:
        return f"No {noun} was computed."
    said = f"Running {noun} {shown(first[running])} in the first epoch"
    if last is not first:
        said += f", {shown(last[running])} in the last"
    if as_float(last[heldout]) is None:
        return f"{said}."
    return f"{said}; on the held-out rows {shown(last[heldout])} at the end."


def _batch_chart(trace: Trace) -> dict[str, Any]:
    rises, pairs = probes.probe("rises_in_batch_loss", trace), probes.probe("batch_pairs", trace)
    says = "The loss of every batch, in the order in which they were dealt."
    if isinstance(rises, int) and isinstance(pairs, int):
        says += (
            f" It rose {count(rises, 'time')} in {count(pairs, 'step')} from one batch to the next."
        )
    return {"title": "Loss of every batch", "figure": figures.batch_figure(trace), "says": says}


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
