"""Probes: named pure functions of a trace, for questions, observations and challenges.

A probe gives a number or a text, or None where the run has no such thing; a curve gives a
number per epoch. Standard library only. What a page or a key needs of a run is a probe, so that
none computes its own.
"""

from trainer.engine.probes import (
    backpropagation,
    data_loading,
    loss,
    model_input,
    prediction_trace,
    preprocessing,
    scores,
    training_trace,
)
from trainer.engine.probes.curves import CURVES, Curve, curve
from trainer.engine.probes.named_weight import named_index, parameters_after
from trainer.engine.probes.registry import (
    PROBE_VERSION,
    PROBES,
    Found,
    Probe,
    probe,
    spec_of,
)
from trainer.engine.probes.run import batch_losses, followed

__all__ = [
    "CURVES",
    "PROBES",
    "PROBE_VERSION",
    "Curve",
    "Found",
    "Probe",
    "backpropagation",
    "batch_losses",
    "curve",
    "data_loading",
    "followed",
    "loss",
    "model_input",
    "named_index",
    "parameters_after",
    "prediction_trace",
    "preprocessing",
    "probe",
    "scores",
    "spec_of",
    "training_trace",
]
