"""The page of the ledger put together: a weight chosen, its run told, one update spelled out."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from course.inside.pages import Query, address, turning
from course.inside.weights import through_run
from course.inside.weights.choosing import choosing, tensors
from course.inside.weights.entries import Entry, Ledger, ledger_of
from course.inside.weights.forms import PlaceForm, TryForm, UpdateForm
from course.inside.weights.one_update import Work, one_update
from course.inside.weights.places import Parameter, Place, farthest, parameters_of
from course.lessons.pipeline.wording import prose
from trainer.engine.names import Names
from trainer.engine.trace import Trace
from trainer.models import Run
from trainer.pages import badge_of

Context = dict[str, Any]

NO_TRACE = "This run left nothing, so there is no weight to follow."
NO_WEIGHTS = (
    "This run has no weights to follow: it ended before there was a model, or PyTorch finds no "
    "parameters in the one that it made."
)
NO_RUNNER = (
    "The run could not be followed just now: every runner is busy, or it took longer this time "
    "than a run may. Load the page again in a moment."
)


def page(run: Run, query: QueryDict) -> tuple[Context, int]:
    """Everything that the page shows, and its status: 400 where a field cannot be read."""
    base = {"run": run, "badge": badge_of(run), "path": reverse("weights", args=[run.id])}
    trace = run.load()
    parameters = parameters_of(trace) if trace else []
    if trace is None or not parameters:
        return base | {"missing": NO_WEIGHTS if trace else NO_TRACE}, HTTPStatus.OK
    start = farthest(trace)
    form = _place_form(parameters, start, query)
    refused = form.is_bound and not form.is_valid()
    place = start if refused or not form.is_bound else form.place
    teller = _Teller(trace, place, str(base["path"]), query)
    told, status = ({}, HTTPStatus.BAD_REQUEST) if refused else teller.told()
    blank = bool(told) and told.get("blank", False)
    return base | teller.chooser(parameters, numbers=not blank) | {"form": form} | told, status


def _place_form(parameters: list[Parameter], start: Place, query: QueryDict) -> PlaceForm:
    """Filled in with what was asked for, or with the weight that the page begins with."""
    if "name" in query:
        return PlaceForm(parameters, query)
    initial = {"name": start.parameter.name, "row": start.row, "column": start.column}
    return PlaceForm(parameters, initial=initial)


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells one weight of a run as the address asks for it."""

    trace: Trace
    place: Place
    path: str
    query: QueryDict

    def chooser(self, parameters: list[Parameter], *, numbers: bool) -> Context:
        """Tensors and cells, each a link."""
        names = Names.of(self.trace.document)

        def to(place: Place) -> str:
            return address(self.path, place.query())

        return {
            "place": self.place,
            "tensors": tensors(parameters, self.place, to),
            "map": choosing(self.place, names, to, numbers=numbers),
        }

    def told(self) -> tuple[Context, int]:
        """The weight through the run, and the update that was chosen, if any."""
        ledger = ledger_of(self.trace, self.place)
        if ledger is None:
            return {"unknown": NO_RUNNER}, HTTPStatus.OK
        form = UpdateForm(len(ledger.entries), self.query if "step" in self.query else None)
        entry = self._entry(ledger, form)
        work = self._work(ledger, entry) if entry else None
        blank = bool(work and work.blank)
        refused = form.errors or (work and work.form and work.form.errors)
        told = {
            "says": prose(through_run.says(ledger)),
            "updates": len(ledger.entries),
            "pick": form,
            "update": work,
            "place_query": self.place.query(),
            "blank": blank,
        } | self._through(ledger, entry, blank=blank)
        return told, HTTPStatus.BAD_REQUEST if refused else HTTPStatus.OK

    def _entry(self, ledger: Ledger, form: UpdateForm) -> Entry | None:
        if not form.is_bound or not form.is_valid():
            return None
        number: int = form.cleaned_data["step"]
        return ledger.entries[number - 1]

    def _work(self, ledger: Ledger, entry: Entry) -> Work:
        tried = TryForm(self.query) if "try" in self.query else None
        here = self._update_query(entry.number)
        return one_update(
            ledger,
            entry,
            tried,
            shown="show" in self.query,
            show_me=address(self.path, [*here, ("show", 1)], "update"),
            around=[self._to_update(number) if 1 <= number <= len(ledger.entries) else ""
                    for number in (entry.number - 1, entry.number + 1)],
        )  # fmt: skip

    def _through(self, ledger: Ledger, entry: Entry | None, *, blank: bool) -> Context:
        """Curves and table, up to the update that is left blank."""
        entries = ledger.entries[: entry.number] if blank and entry else ledger.entries
        chosen = (entry.number - 1) // through_run.PER_PAGE + 1 if entry else 1
        found = through_run.pages(entries, self.query.get("page", str(chosen)))
        query: Query = self._update_query(entry.number) if entry else self.place.query()
        if entry and not blank:
            query = [*query, ("show", 1)]
        return {
            "drawing": through_run.drawing(ledger, entries, blank=blank),
            "table": through_run.table_of(ledger, found, entry, self._to_update, blank=blank),
            "turning": turning(found, self.path, query, "through"),
        }

    def _update_query(self, number: int) -> list[tuple[str, str | int]]:
        return [*self.place.query(), ("step", number)]

    def _to_update(self, number: int) -> str:
        return address(self.path, self._update_query(number), "update")
