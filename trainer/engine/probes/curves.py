"""Curves: probes that give a number per epoch, for questions that ask to draw one."""

from dataclasses import dataclass

from trainer.engine.trace import Trace, as_float


@dataclass(frozen=True, slots=True)
class Curve:
    """A figure of every epoch. label: what it is; top: where its axis ends before it is known."""

    figure: str
    label: str
    top: float


CURVES = {
    "running_losses": Curve("running_loss", "running loss", 2.0),
    "training_losses": Curve("loss", "loss on the training rows", 2.0),
    "heldout_losses": Curve("heldout_loss", "held-out loss", 2.0),
    "running_accuracies": Curve("running_accuracy", "running accuracy", 1.0),
    "training_accuracies": Curve("accuracy", "accuracy on the training rows", 1.0),
    "heldout_accuracies": Curve("heldout_accuracy", "held-out accuracy", 1.0),
}


def curve(name: str, trace: Trace) -> list[float] | None:
    """Its values, which need not be finite; None where an epoch was not measured, or none was."""
    figure = CURVES[name].figure
    values = [as_float(each[figure]) for each in trace.document["epochs"]]
    measured = [value for value in values if value is not None]
    return measured if measured and len(measured) == len(values) else None
