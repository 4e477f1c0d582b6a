"""The page of the prediction trace put together: a row chosen, its layers, all held-out rows."""

from http import HTTPStatus
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from course.heldout.rows import rows_after, when
from course.inside.pages import address, turning
from course.inside.predict import one_row
from course.inside.predict.asked import Asked, chosen
from course.inside.predict.every_row import EveryRow
from course.inside.predict.forms import TypedRow, first_values
from course.replays import replay
from trainer.engine.layout import leads_rows
from trainer.engine.names import Names
from trainer.engine.table import facts_of_spec
from trainer.engine.trace import Trace
from trainer.models import Run
from trainer.pages import badge_of

Context = dict[str, Any]

NO_TRACE = "This run left nothing, so there is no model to lead a row through."
NO_MODEL = (
    "Rows are led through two linear layers with ReLU between them, scaled as the run scaled. "
    "This run left no such model, or no scaler that could be kept."
)
NOT_KEPT = (
    "There is nothing to show of this row at that epoch: its parameters were not kept, or no "
    "runner is free just now. Another epoch may do, or the same in a moment."
)


def page(run: Run, query: QueryDict) -> tuple[Context, int]:
    """Everything that the page shows, and its status: 400 where a field cannot be read."""
    base = {"run": run, "badge": badge_of(run), "path": reverse("predict", args=[run.id])}
    trace = run.load()
    if trace is None or not leads_rows(trace):
        return base | {"missing": NO_MODEL if trace else NO_TRACE}, HTTPStatus.OK
    asked, names = Asked.of(trace, query), Names.of(trace.document)
    replayed = replay("through", trace, asked.wanted) if asked.names_a_row else None
    told = _choosing(trace, asked, names, replayed)
    if asked.names_a_row:
        told |= _row(trace, asked, names, replayed)
    told |= _every(trace, asked, names, str(base["path"]), query)
    return base | told, HTTPStatus.BAD_REQUEST if asked.refused else HTTPStatus.OK


def _choosing(
    trace: Trace, asked: Asked, names: Names, replayed: one_row.Replayed | None
) -> Context:
    """The fields: which row, after which epoch, and a row of one's own that begins with it."""
    row, epoch = chosen(asked.row) or 0, chosen(asked.epoch) or 0
    typed = asked.typed
    if not typed.is_bound and replayed:
        typed = TypedRow(names, initial=first_values(replayed["raw"]))
    return {
        "asked": asked,
        "typed": typed,
        "picture": names.image,
        "unit_words": facts_of_spec(trace.document["spec"]).unit,
        "row": row,
        "epoch": epoch,
        "when": when(epoch),
        "row_before": row - 1 if row > 0 else None,
        "row_after": row + 1 if row < asked.row.last else None,
        "epoch_before": epoch - 1 if epoch > 0 else None,
        "epoch_after": epoch + 1 if epoch < asked.epoch.last else None,
    }


def _row(trace: Trace, asked: Asked, names: Names, replayed: one_row.Replayed | None) -> Context:
    """The chosen row in its layers."""
    if replayed is None:
        return {"unknown": NOT_KEPT}
    opened = one_row.opened(replayed, names, chosen(asked.unit), chosen(asked.logit))
    return {
        "subject": asked.subject(),
        "here": asked.query(),
        "layers": one_row.layers(trace, replayed, names),
        "opened": opened,
        "unscaled": one_row.unscaled(trace, replayed, names),
    }


def _every(trace: Trace, asked: Asked, names: Names, path: str, query: QueryDict) -> Context:
    """All held-out rows at the chosen epoch."""
    epoch = chosen(asked.epoch) or 0
    rows = rows_after(trace, epoch)
    if not rows:
        return {}

    def lead(choices: list[tuple[str, Any]], part: str) -> str:
        named = {name for name, _ in choices}
        kept = [("row", chosen(asked.row)), ("epoch", epoch)]
        return address(path, [*(each for each in kept if each[0] not in named), *choices], part)

    every = EveryRow(rows, epoch, names, lead)
    listed = every.listed(query)
    if listed:
        here = [("row", chosen(asked.row)), ("epoch", epoch), *listed["chosen"]]
        listed["turning"] = turning(listed["page"], path, here, "rows")
    return {"taken": every.taken(), "sure": every.sure(), "listed": listed}
