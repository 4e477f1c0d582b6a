"""The form of a sweep: what changes, and the settings that it starts from."""

from typing import Any

from django import forms
from django.http import QueryDict

from course.accounts.models import User
from course.lab.sweeps.grid import SWEPT, RefusedSweep, Typed, plan_of
from trainer.forms import RunForm
from trainer.models import Run
from trainer.pages import SETTINGS
from trainer.sweeps import MOST_POINTS, Plan

OWN = ("setting", "values", "seeds")
"""Fields that are no settings of a run."""

HIDDEN = ("rows", "data_seed", "alterations")
"""Settings that a sweep keeps of the run that it starts from; the form has no field for them."""

MOST_TEXT = 400


class SweepForm(forms.Form):
    """What is varied; `start` holds the rest. `plan` is there once both are valid."""

    setting = forms.ChoiceField(
        label="What changes", choices=[(name, SETTINGS[name]) for name in SWEPT], initial="lr"
    )
    values = forms.CharField(
        label="Its values",
        max_length=MOST_TEXT,
        initial="0.001, 0.005, 0.02, 0.1, 0.5",
        help_text="2 to 20 with commas between them, or ends and a number: 0.001 to 1 in 7.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    seeds = forms.IntegerField(
        label="Seeds for each",
        min_value=1,
        max_value=MOST_POINTS,
        initial=3,
        help_text="At most 20 runs in all.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    plan: Plan | None = None

    def __init__(
        self,
        data: QueryDict | None = None,
        run: Run | None = None,
        *,
        owner: User | None = None,
    ) -> None:
        """Bound to a POST, or unbound beside the settings of a run. owner: whose sweep it is."""
        super().__init__(data)
        self.start = (
            RunForm(_settings(data), owner=owner) if data is not None else _beside(run, owner)
        )

    def clean(self) -> dict[str, Any]:
        """Plan the whole sweep, and put each reason beside its field."""
        cleaned = self.cleaned_data
        if self.start.is_valid() and self.start.asked and len(cleaned) == len(OWN):
            typed = Typed(cleaned["setting"], cleaned["values"], cleaned["seeds"])
            try:
                self.plan = plan_of(self.start.asked, typed)
            except RefusedSweep as refused:
                self.add_error(refused.field, refused.reason)
        return cleaned

    def carried(self, run: Run | None) -> list[tuple[str, str]]:
        """Settings without a field, to be sent along: of the last POST, or of the run."""
        names = (*HIDDEN, "lines")
        if self.is_bound:
            return [(name, self.data[name]) for name in names if name in self.data]
        if run is None:
            return []
        known = [(name, str(run.spec[name])) for name in HIDDEN if name in run.spec]
        return [*known, ("lines", run.program)]


def _settings(data: QueryDict) -> QueryDict:
    kept = data.copy()
    for name in OWN:
        kept.pop(name, None)
    return kept


def _beside(run: Run | None, owner: User | None) -> RunForm:
    return RunForm.showing(run.form(), owner) if run else RunForm.starting_from("calm", owner)
