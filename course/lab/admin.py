"""Experiments in the admin site: refused where loadcourse would refuse them in a file."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from course.lab.experiments.checks import problems
from course.lab.experiments.content import FIELDS
from course.lab.experiments.files import TABLES, fits
from course.lab.experiments.stored import as_file, fingerprint
from course.lab.models import Experiment
from course.quiz.admin import BELIEF_CHOICES
from course.quiz.prose import AS_IN_FILES
from course.quiz.stored import since_load


class ExperimentForm(forms.ModelForm[Experiment]):
    """Checks the experiment as a whole."""

    class Meta:
        model = Experiment
        fields = (*FIELDS, "archived")
        widgets = {"misconception": forms.Select(choices=BELIEF_CHOICES)}

    def clean(self) -> dict[str, Any]:
        """Refuse fields of another shape than a file has."""
        cleaned = super().clean() or self.cleaned_data
        for name in (*TABLES, "options"):
            if name in cleaned and not fits(name, cleaned[name]):
                self.add_error(name, "Settings by name, or a list of texts.")
        return cleaned

    def _post_clean(self) -> None:
        """Refuse what could not be shown, once the instance has its values."""
        super()._post_clean()  # type: ignore[misc]
        if not self.errors and (found := problems(as_file(self.instance))):
            self.add_error(None, ValidationError([problem.reason for problem in found]))


@admin.register(Experiment)
class ExperimentAdmin(admin.ModelAdmin[Experiment]):
    """Beliefs, programs, evidence."""

    form = ExperimentForm
    list_display = (
        "name", "stage", "order", "misconception", "comparison", "shows_in", "archived",
        "since_load",
    )  # fmt: skip
    list_filter = ("stage", "archived")
    search_fields = ("name", "title", "question", "belief", "truth")
    formfield_overrides = AS_IN_FILES

    @admin.display(description="since the last load")
    def since_load(self, experiment: Experiment) -> str:
        """Tell an edit that loadcourse would keep."""
        return since_load(experiment.loaded, fingerprint(experiment))

    def get_readonly_fields(
        self,
        request: HttpRequest,  # noqa: ARG002
        obj: Experiment | None = None,
    ) -> tuple[str, ...]:
        """Keep addresses: pages and feedback point at them."""
        return ("name",) if obj else ()
