"""The settings of a run in the lab: all that a spec has, and the lines of the program."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict

from trainer.engine.alterations import ALTERATIONS
from trainer.engine.datasets import DATASETS
from trainer.forms import RunForm

if TYPE_CHECKING:
    from django.contrib.auth.models import _User

AS_THEY_ARE = "nothing"
OF_THE_PAGE = ("do", "after", "at", "text")
"""Fields that the builder sends for itself: no settings."""


def _number(label: str, hint: str = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.CharField(
        label=label, required=False, max_length=40, widget=widget, help_text=hint
    )


class LabForm(RunForm):
    """Bound to all settings at once, so that a page can show which of them cannot be run."""

    rows = _number("Training rows", "Empty: all of them.")
    data_seed = _number("Data seed")
    alterations = forms.CharField(
        label="Done to the rows",
        required=False,
        max_length=200,
        widget=forms.Select(choices=[("", AS_THEY_ARE), *((name, name) for name in ALTERATIONS)]),
    )
    lines = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field.widget, forms.Select):
                _keep(field.widget, self.data.get(name, ""))

    @classmethod
    def of(
        cls,
        query: Mapping[str, str],
        spec: Mapping[str, Any],
        lines: str,
        owner: "_User | None" = None,
    ) -> "LabForm":
        """A form of the owner's with these settings; what the query says goes before."""
        start = {name: str(value) for name, value in spec.items()} | {"lines": lines}
        given = {name: query[name] for name in cls.base_fields if name in query}
        known = DATASETS.get(start["dataset"])
        if "dataset" in given or (known and start.get("rows") == str(known.rows)):
            start.pop("rows", None)
        return cls(start | given, owner=owner)


def _keep(select: forms.Select, given: str) -> None:
    """Offer what was given too, be it several at once or none of them: values are kept."""
    if given and given not in [value for value, _ in select.choices]:
        select.choices = [*select.choices, (given, given)]


def sent(posted: QueryDict) -> dict[str, str]:
    """What was posted as settings, known or not."""
    return {name: str(posted[name]) for name in posted if name not in OF_THE_PAGE}
