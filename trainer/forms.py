"""The settings of a run as a form. Whether they can be run is the engine's to say."""

from collections.abc import Mapping
from typing import Any

from django import forms

from trainer.engine.datasets import DATASETS
from trainer.engine.spec import OPTIMIZERS, PRESETS, RunSpec
from trainer.runs import Asked, Refused, read

TRANSPORT = ("csrfmiddlewaretoken", "nonce")
"""Fields of a POST that are no settings."""


def _number(label: str, mode: str = "numeric") -> forms.CharField:
    widget = forms.TextInput(attrs={"inputmode": mode, "autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=40, widget=widget)


def _choice(label: str, choices: list[tuple[str, str]]) -> forms.CharField:
    return forms.CharField(label=label, required=False, widget=forms.Select(choices=choices))


class RunForm(forms.Form):
    """Text fields named like the options of `train`; `asked` is there once it is valid.

    There is none for the number of rows: a run trains on all that its data set has for that.
    """

    dataset = _choice("Data", [(name, known.title) for name, known in DATASETS.items()])
    batch_size = _number("Batch size")
    epochs = _number("Epochs")
    hidden = _number("Hidden units")
    optimizer = _choice("Optimizer", [(name, name) for name in OPTIMIZERS])
    lr = _number("Learning rate", "decimal")
    seed = _number("Seed")

    asked: Asked | None = None
    reasons: dict[str, str]

    @classmethod
    def starting_from(cls, preset: str) -> "RunForm":
        """An unbound form with the settings of a preset, `calm` if there is none of that name."""
        return cls(initial=PRESETS.get(preset, PRESETS["calm"]).as_dict())

    @classmethod
    def showing(cls, spec: Mapping[str, Any]) -> "RunForm":
        """An unbound form with the settings of a run."""
        return cls(initial=RunSpec().as_dict() | dict(spec))

    def given(self) -> dict[str, str]:
        """Everything that was sent as a setting, known or not."""
        return {name: value for name, value in self.data.items() if name not in TRANSPORT}

    def clean(self) -> dict[str, Any]:
        """Ask the engine, and put each reason beside its field, or above all."""
        self.reasons = {name: str(errors[0]) for name, errors in self.errors.items()}
        if not self.reasons:
            try:
                self.asked = read(self.given())
            except Refused as refused:
                self.reasons = refused.reasons
                for name, reason in refused.reasons.items():
                    self._complain(name, reason)
        return self.cleaned_data

    def _complain(self, name: str, reason: str) -> None:
        if name in self.fields:
            self.add_error(name, reason)
        else:
            self.add_error(None, f"{name[:40]}: {reason}")
