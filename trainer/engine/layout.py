"""Names and shapes of a model's parameters, and whether it is a model that can be followed.

Standard library only: pages and probes ask this of stored runs.
"""

from trainer.engine.trace import Document, Trace

Layout = list[tuple[str, tuple[int, ...]]]
"""Name and shape of each parameter, in the model's order."""

READABLE = [[f"{at}.{kind}" for at in (0, last) for kind in ("weight", "bias")] for last in (2, 3)]
"""Names of parameters by which a model is known: Dropout is no matter once training is over."""


def reads(layout: Layout, features: int, classes: int) -> bool:
    """Whether a model of this layout is the course's: linear, ReLU, perhaps Dropout, linear."""
    if [name for name, _ in layout] not in READABLE:
        return False
    hidden, *_ = layout[0][1]
    shapes = [(hidden, features), (hidden,), (classes, hidden), (classes,)]
    return [shape for _, shape in layout] == shapes


def layout_of(document: Document) -> Layout:
    """That of the parameters that a run has stored."""
    return [(each["name"], tuple(each["shape"])) for each in document["layout"]]


def can_be_followed(document: Document) -> bool:
    """Whether the stored parameters are those of a model whose layers are known."""
    data = document["data"]
    return reads(layout_of(document), data["features"], data["classes"])


def leads_rows(trace: Trace) -> bool:
    """Whether the run kept such a model and the bounds of its scaler, so that rows go through."""
    kept = trace.has("parameters") and trace.has("low")
    return kept and can_be_followed(trace.document)
