"""What a line of the vocabulary is."""

from dataclasses import dataclass

from trainer.engine.spec import RunSpec

OPTIMIZERS = {
    "sgd": "SGD(model.parameters(), lr=lr)",
    "momentum": "SGD(model.parameters(), lr=lr, momentum=0.9)",
    "adam": "Adam(model.parameters(), lr=lr)",
    "adamw": "AdamW(model.parameters(), lr=lr)",
    "rmsprop": "RMSprop(model.parameters(), lr=lr)",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the vocabulary: one statement of Python.

    section: setup, epoch, batch or after; level: usual indentation; stage: slug of the
    lesson that it belongs to; label: the name of its step in the batch, or empty;
    note: what it does, in a sentence or two.
    """

    id: str
    section: str
    level: int
    template: str
    stage: str
    label: str
    note: str

    @property
    def opens(self) -> bool:
        """Whether the lines that follow, one level further in, are its block."""
        return self.template.endswith(":")

    def source(self, spec: RunSpec) -> str:
        """Python text without indentation; several text lines where it is long."""
        return self.template.replace("{optimizer}", OPTIMIZERS[spec.optimizer])
