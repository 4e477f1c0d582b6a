"""The settings of a run as a form. Whether they can be run is the engine's to say."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms

from trainer.engine.datasets import DATASETS
from trainer.engine.spec import OPTIMIZERS, PRESETS, RunSpec
from trainer.own_tables import OwnTable, field_of
from trainer.runs import Asked, Refused, read

if TYPE_CHECKING:
    from django.contrib.auth.models import _User

TRANSPORT = ("csrfmiddlewaretoken", "nonce")
"""Fields of a POST that are no settings."""


def _number(label: str, mode: str = "numeric") -> forms.CharField:
    widget = forms.TextInput(attrs={"inputmode": mode, "autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=40, widget=widget)


def _choice(label: str, choices: list[tuple[str, str]]) -> forms.CharField:
    return forms.CharField(label=label, required=False, widget=forms.Select(choices=choices))


BATCHES = 5
SHIPPED = [(name, known.title) for name, known in DATASETS.items()]


class RunForm(forms.Form):
    """Text fields named like the options of `train`; `asked` is there once it is valid.

    There is none for the number of rows: a run trains on all that its data set has for that.
    owner: whose own data sets are among the choices; nobody else's are.
    """

    dataset = _choice("Data", SHIPPED)
    batch_size = _number("Batch size")
    epochs = _number("Epochs")
    hidden = _number("Hidden units")
    optimizer = _choice("Optimizer", [(name, name) for name in OPTIMIZERS])
    lr = _number("Learning rate", "decimal")
    seed = _number("Seed")

    asked: Asked | None = None
    reasons: dict[str, str]

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        owner: "_User | None" = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.owner = owner
        own = [
            (field_of(table.pk), table.name) for table in OwnTable.objects.of(owner).only("name")
        ]
        self.fields["dataset"].widget = forms.Select(choices=[*SHIPPED, *own])

    @classmethod
    def starting_from(cls, preset: str, owner: "_User | None" = None) -> "RunForm":
        """An unbound form with the settings of a preset, `calm` if there is none of that name."""
        return cls(owner=owner, initial=PRESETS.get(preset, PRESETS["calm"]).as_dict())

    @classmethod
    def showing(cls, spec: Mapping[str, Any], owner: "_User | None" = None) -> "RunForm":
        """An unbound form with settings in its own spelling; what is left out is calm's."""
        return cls(owner=owner, initial=RunSpec().as_dict() | dict(spec))

    @classmethod
    def suited_to(cls, table: OwnTable) -> "RunForm":
        """An unbound form for a table of one's own: five batches or more in an epoch."""
        batch = max(1, min(100, table.facts.rows // BATCHES))
        wanted = {"dataset": field_of(table.pk), "batch_size": batch, "epochs": 10}
        return cls.showing(wanted, table.owner)

    def given(self) -> dict[str, str]:
        """Everything that was sent as a setting, known or not."""
        return {name: value for name, value in self.data.items() if name not in TRANSPORT}

    def clean(self) -> dict[str, Any]:
        """Ask the engine, and put each reason beside its field, or above all."""
        self.reasons = {name: str(errors[0]) for name, errors in self.errors.items()}
        if not self.reasons:
            try:
                self.asked = read(self.given(), self.owner)
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
