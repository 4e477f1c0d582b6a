"""Runs in the admin site: whose they are, how they ended, and everything they left behind.

A run is a record. Nobody adds or edits one here; superusers may delete one. The page of a
learner's run is its owner's alone, so what it offers to take along is offered here as well.
Stored traces have no page of their own: they are seen through their runs.
"""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse

from trainer import pages
from trainer.curve import curve
from trainer.engine import probes
from trainer.engine.spec import OPTIMIZERS, RunSpec
from trainer.engine.trace import Trace
from trainer.models import Run
from trainer.script import script_of

WITH_A_PERSON = "accounts_user_"
"""How the names of the addresses begin at which a person is deleted, runs and all."""


class WhoseFilter(admin.SimpleListFilter):
    """The course's runs or the learners'."""

    title = "whose"
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:  # noqa: ARG002
        """Return the two kinds there are."""
        return [("course", "the course's"), ("learners", "learners'")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Run]) -> QuerySet[Run]:  # noqa: ARG002
        """Keep the chosen kind. Anything else in the address keeps every run."""
        without_owner = {"course": True, "learners": False}.get(self.value() or "")
        return queryset if without_owner is None else queryset.filter(owner__isnull=without_owner)


class OptimizerFilter(admin.SimpleListFilter):
    """One of the optimizers, as the settings name it."""

    title = "optimizer"
    parameter_name = "optimizer"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:  # noqa: ARG002
        """Return those that a run may ask for."""
        return [(name, name) for name in OPTIMIZERS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Run]) -> QuerySet[Run]:  # noqa: ARG002
        """Keep the runs that asked for it."""
        wanted = self.value()
        return queryset.filter(spec__optimizer=wanted) if wanted in OPTIMIZERS else queryset


@admin.register(Run)
class RunAdmin(admin.ModelAdmin[Run]):
    """Runs, latest first."""

    list_display = (
        "badge", "whose", "state", "unlike_calm", "updates", "heldout_accuracy", "created",
    )  # fmt: skip
    list_filter = ("status", OptimizerFilter, WhoseFilter, "created")
    list_per_page = 50
    search_fields = ("^id", "^owner__handle", "owner__username", "name")
    search_help_text = "The start of an id or of a handle, a name, or what the course calls it."
    show_full_result_count = False
    view_on_site = False
    change_form_template = "trainer/run_admin.html"
    fields = readonly_fields = ("id", "whose", "state", "settings", "created", "duration_ms")

    # -- the list ------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        """Fetch owners and numbers with the runs; leave the tensors where they are."""
        found = super().get_queryset(request).select_related("owner", "trace")
        return found.defer("trace__tensors")

    @admin.display(ordering="id")
    def badge(self, run: Run) -> str:
        """Return what pages call it."""
        return run.badge

    @admin.display(ordering="owner")
    def whose(self, run: Run) -> str:
        """Return its owner, or what the course calls it."""
        return str(run.owner) if run.owner else f"the course's: {run.name}"

    @admin.display(ordering="status", description="status")
    def state(self, run: Run) -> str:
        """Return how it stands."""
        return run.state

    def settings(self, run: Run) -> str:
        """Return what was asked for."""
        return _told(run.settings)

    @admin.display(description="settings unlike calm")
    def unlike_calm(self, run: Run) -> str:
        """Return the settings that are not those of the calm run: a list has little room."""
        calm = RunSpec().as_dict()
        asked = run.settings.items()
        return _told({name: value for name, value in asked if calm.get(name) != value})

    def updates(self, run: Run) -> str:
        """Return how many there were."""
        return str(run.trace.numbers.document["updates"]) if run.trace else pages.NOT_MEASURED

    @admin.display(description="held-out accuracy")
    def heldout_accuracy(self, run: Run) -> str:
        """Return the share after the last epoch."""
        measured = probes.probe("heldout_accuracy", run.trace.numbers) if run.trace else None
        return pages.shown(measured)

    # -- the page of one -----------------------------------------------------------------

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show what the run's own page shows, the curve as a picture."""
        run = self.get_object(request, unquote(object_id))
        shown = _everything(run) if run else {}
        return super().change_view(request, object_id, form_url, shown | (extra_context or {}))

    def get_urls(self) -> list[URLPattern]:
        """Add what can be taken along."""
        offered = [("trace.json", self.trace_json), ("script.py", self.script_py)]
        own = [
            path(f"<slug:pk>/{name}", self.admin_site.admin_view(view), name=_address(name))
            for name, view in offered
        ]
        return [*own, *super().get_urls()]

    def trace_json(self, request: HttpRequest, pk: str) -> HttpResponse:
        """The trace document."""
        run, trace = self._with_trace(request, pk)
        return HttpResponse(trace.text(run.pk), content_type="application/json")

    def script_py(self, request: HttpRequest, pk: str) -> HttpResponse:
        """The plain script that reproduces the run."""
        run, trace = self._with_trace(request, pk)
        response = HttpResponse(
            script_of(trace.document), content_type="text/x-python; charset=utf-8"
        )
        response["Content-Disposition"] = f'attachment; filename="loopwise_{run.badge}.py"'
        return response

    def _with_trace(self, request: HttpRequest, pk: str) -> tuple[Run, Trace]:
        if not self.has_view_permission(request):
            raise PermissionDenied
        run = get_object_or_404(self.get_queryset(request), pk=pk, trace__isnull=False)
        return run, run.trace.numbers  # type: ignore[union-attr]

    # -- what may be done ----------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Refuse: runs are made by running."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Run | None = None) -> bool:  # noqa: ARG002
        """Refuse: a record that can be edited proves nothing."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Run | None = None) -> bool:  # noqa: ARG002
        """Let superusers delete runs, and let runs go with a person who is deleted."""
        match = request.resolver_match
        if match and match.url_name and match.url_name.startswith(WITH_A_PERSON):
            return True
        return isinstance(request.user, PermissionsMixin) and request.user.is_superuser


def _told(settings: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in settings.items())


def _address(name: str) -> str:
    return f"trainer_run_{name.replace('.', '_')}"


def _everything(run: Run) -> dict[str, Any]:
    """What the run's own page shows; its links lead to where an instructor may go."""
    shown = pages.run_context(run)
    if trace := run.load():
        links = {
            name: reverse(f"admin:{_address(file)}", args=[run.pk])
            for name, file in (("trace", "trace.json"), ("script", "script.py"))
        }
        shown |= links | {"curve": curve(trace)}
    return shown
