"""Charts of a run with what stands beside them: a title, a sentence, a curve without JavaScript."""

from collections.abc import Sequence
from typing import Any

from trainer import figures
from trainer.curve import batch_curve, curve
from trainer.engine import probes
from trainer.engine.trace import Document, Trace, as_float
from trainer.pages import shown

Chart = dict[str, Any]


def curves(trace: Trace, band: Sequence[Trace] = ()) -> list[Chart]:
    """Loss and accuracy over the epochs, with a band of other seeds where there is one."""
    made = [
        {
            "title": "Loss (cross-entropy, in nats)",
            "figure": figures.loss_figure(trace, band),
            "svg": curve(trace),
            "says": _ends(trace.document, "loss"),
        },
        {
            "title": "Accuracy (share of rows)",
            "figure": figures.accuracy_figure(trace, band),
            "svg": curve(trace, "accuracy"),
            "says": _ends(trace.document, "accuracy"),
        },
    ]
    return [chart for chart in made if chart["figure"]]


def batches(trace: Trace) -> list[Chart]:
    """The loss of every batch."""
    figure = figures.batch_figure(trace)
    rises, pairs = (probes.probe(n, trace) for n in ("rises_in_batch_loss", "batch_pairs"))
    says = "The loss of every batch, in the order in which they were dealt."
    if isinstance(rises, int) and isinstance(pairs, int):
        says += f" It rose at {rises} of {pairs} changes of batch."
    chart = {"title": "Loss of every batch", "figure": figure, "says": says}
    return [chart | {"svg": batch_curve(trace)}] if figure else []


def _ends(document: Document, noun: str) -> str:
    """Where the two curves begin and end, in a sentence."""
    first, last = document["epochs"][0], document["epochs"][-1]
    running, heldout = f"running_{noun}", f"heldout_{noun}"
    if as_float(first[running]) is None:
        return f"No {noun} was computed."
    said = f"Running {noun} {shown(first[running])} in the first epoch"
    if last is not first and as_float(last[running]) is not None:
        said += f", {shown(last[running])} in the last"
    if as_float(last[heldout]) is None:
        return f"{said}."
    return f"{said}; on the held-out rows {shown(last[heldout])} at the end."
