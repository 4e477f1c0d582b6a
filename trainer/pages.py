"""What the pages of runs show, as plain data for templates."""

import math
import secrets
from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from trainer.causes import cause_of
from trainer.engine.datasets import DataSet
from trainer.engine.finite import first_sign
from trainer.engine.observations import figure, is_gone
from trainer.engine.table import facts_of_spec
from trainer.engine.trace import Document, as_float
from trainer.exercise import is_example
from trainer.models import Run, Sweep
from trainer.ways import ways_on

NOT_MEASURED = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"
LISTED = ("dataset", "optimizer", "lr", "hidden", "batch_size", "epochs")
LONG = 10_000
COMPARABLE = 8
OWN_DATA = "/lab/data/"
COURSE_NOTE = "the course's"

SETTINGS = {
    "dataset": "Data set", "rows": "Training rows", "batch_size": "Batch size", "epochs": "Epochs",
    "hidden": "Hidden units", "optimizer": "Optimizer", "lr": "Learning rate",
    "data_seed": "Data seed", "seed": "Seed", "alterations": "Done to the rows",
}  # fmt: skip


def new_nonce() -> str:
    """A name for the run that a form will ask for; it cannot be guessed."""
    return secrets.token_hex(16)


def badge_of(run: Run) -> dict[str, Any]:
    """Give the small link beside everything that came out of this run."""
    seed = run.spec.get("seed", "?")
    note = "" if run.owner_id else COURSE_NOTE
    return {"href": run.get_absolute_url(), "name": run.badge, "seed": seed, "note": note}


def shown(value: float | str | None, digits: int = 3) -> str:
    """Write a figure for a person: three decimals, a real minus, words where it is no number."""
    exact = as_float(value)
    if exact is None:
        return NOT_MEASURED
    if not math.isfinite(exact):
        return "not a number" if math.isnan(exact) else "infinite"
    text = f"{exact:z.{digits}f}" if abs(exact) < LONG else figure(exact)
    return text.replace("-", MINUS)


def raw(value: float, known: DataSet) -> str:
    """Write a number of a data set, however large, as its source does: with its decimals."""
    return f"{value:z.{known.decimals}f}".replace("-", MINUS)


def epoch_table(document: Document, run: Run) -> dict[str, Any]:
    """One row per epoch: running and held-out figures, and what happened."""
    names = ("running_loss", "running_accuracy", "heldout_loss", "heldout_accuracy")
    heads = ("Running loss", "Running accuracy", "Held-out loss", "Held-out accuracy")
    columns = [{"text": "Epoch", "kind": "n"}]
    columns += [{"text": head, "kind": "n"} for head in heads]
    rows = [
        {
            "cells": [
                {"text": str(epoch["epoch"]), "kind": "n", "head": True},
                *({"text": shown(epoch[name]), "kind": "n"} for name in names),
                {"text": epoch["observation"], "kind": "serif"},
            ]
        }
        for epoch in document["epochs"]
    ]
    columns.append({"text": "What happened", "kind": "serif"})
    return {
        "label": "Figures of each epoch", "columns": columns, "rows": rows, "run": badge_of(run),
    }  # fmt: skip


def value_of(setting: object) -> str:
    """Write a setting as a person would type it."""
    return f"{setting:g}" if isinstance(setting, float) else str(setting)


def source_of(known: DataSet) -> str:
    """Whose data these are, and under which licence."""
    return f"Source: {known.source}. Licence: {known.licence}."


def settings_facts(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """Settings in the words of the form."""
    return [
        {"name": label, "value": value_of(spec[name])}
        for name, label in SETTINGS.items()
        if name in spec
    ]


def receipt(document: Document, run: Run) -> list[dict[str, Any]]:
    """Where the numbers come from, so that anybody can get them again."""
    versions = document["versions"]
    facts: list[dict[str, Any]] = [
        {"name": "Run", "value": run.id, "code": True},
        {"name": "Made", "value": run.created.strftime("%Y-%m-%d %H:%M UTC")},
        {"name": "Engine", "value": versions["engine"]},
        {"name": "PyTorch", "value": versions["torch"]},
        {"name": "Python", "value": versions["python"]},
        {"name": "Processor", "value": f"{versions['cpu']}, one thread"},
        {
            "name": "Parameters",
            "value": sum(math.prod(each["shape"]) for each in document["layout"]),
        },
        {
            "name": "Steps, calls of step()",
            "value": f"{len(document['steps'])}, {document['updates']}",
        },
        {"name": "Digest", "value": document["digest"], "code": True},
        {"name": "Key", "value": document["key"], "code": True},
    ]
    if run.duration_ms is not None:
        facts.insert(2, {"name": "Time", "value": f"{run.duration_ms} ms from asking to answer"})
    return facts


def program_lines(document: Document) -> list[dict[str, Any]]:
    """The text that ran, line by line, the error's line marked."""
    error = document["error"] or {}
    return [
        {"number": number, "code": text, "lit": number == error.get("line")}
        for number, text in enumerate(document["source"].splitlines(), 1)
    ]


def error_of(document: Document) -> dict[str, str] | None:
    """Say where a run ended early, what Python said, and what that means."""
    error = document["error"]
    if error is None:
        return None
    message = (
        error["message"] if error["type"] == "Stopped" else f"{error['type']}: {error['message']}"
    )
    where = f"line {error['line']}" + (f", step {error['step']}" if error["step"] else "")
    return {"title": f"It stopped at {where}", "message": message, "cause": cause_of(error)}


def headline(run: Run, document: Document) -> str:
    """Sum up a run in a sentence or two."""
    said = [run.get_status_display(), _updates(run, document)]
    if document["epochs"]:
        last = document["epochs"][-1]
        if is_gone(as_float(last["running_loss"]), document["data"]["classes"]):
            said.append(last["observation"].rstrip("."))
        if last["heldout_accuracy"] is not None:
            said.append(f"Held-out accuracy {shown(last['heldout_accuracy'])}")
    return ". ".join(said) + "."


def _updates(run: Run, document: Document) -> str:
    count, moved, passes = document["updates"], moves(document), whole_passes(document)
    time = "" if run.duration_ms is None else f" in {run.duration_ms} ms"
    ending = "" if count == 1 else "s"
    if count == moved:
        return f"{count:,} update{ending}{time}"
    said = f"{count:,} call{ending} of step(){time}"
    kind = "passes" if passes == len(document["steps"]) else "whole passes"
    return f"{said}, parameters moved in {moved:,} of {passes:,} {kind}"


def moves(document: Document) -> int:
    """Steps that left some parameter another than before: `step()` may find nothing to do."""
    return sum(each["update_norm"] not in (None, 0) for each in document["steps"])


def whole_passes(document: Document) -> int:
    """Steps that came to their end: of one that an error cut short no movement was measured."""
    return sum(each["update_norm"] is not None for each in document["steps"])


def sweep_row(sweep: Sweep) -> dict[str, Any]:
    """One line of the list of runs for all the points of a sweep."""
    values = ", ".join(value_of(value) for value in sweep.values)
    seeds = "" if len(sweep.seeds) == 1 else f"; {len(sweep.seeds)} seeds each"
    return {
        "sweep": {"href": sweep.get_absolute_url(), "name": sweep.badge, "points": sweep.size},
        "made": sweep.created,
        "state": sweep.get_status_display().lower(),
        "settings": f"{SETTINGS[sweep.setting].lower()}: {values}{seeds}"[:100],
    } | dict.fromkeys(("updates", "loss", "accuracy"), NOT_MEASURED)


def run_row(run: Run) -> dict[str, Any]:
    """One line of the list of runs; the first point of a sweep stands for all."""
    if run.sweep:
        return sweep_row(run.sweep)
    trace = run.trace.numbers if run.trace else None
    document = trace.document if trace else {"epochs": [], "updates": None}
    last = document["epochs"][-1] if document["epochs"] else {}
    spec = run.spec
    settings = ", ".join(f"{name} {value_of(spec[name])}" for name in LISTED if name in spec)
    return {
        "id": run.id,
        "badge": badge_of(run),
        "made": run.created,
        "state": run.state,
        "settings": settings[:100],
        "updates": NOT_MEASURED if document["updates"] is None else document["updates"],
        "loss": shown(last.get("running_loss")),
        "accuracy": shown(last.get("heldout_accuracy")),
    }


def comparable(run: Run, own: Iterable[Run]) -> list[dict[str, str]]:
    """Other runs with other settings or lines, to choose from: what each has that is not alike."""
    found = (other for other in own if other.pk != run.pk and other.trace_id)
    others = [other for other in found if (other.spec, other.program) != (run.spec, run.program)]
    return [{"id": other.id, "label": _unlike(run, other)} for other in others[:COMPARABLE]]


def _unlike(run: Run, other: Run) -> str:
    changed = [
        f"{SETTINGS[name].lower()} {value_of(other.spec[name])}"
        for name in SETTINGS
        if name in other.spec and other.spec[name] != run.spec.get(name)
    ]
    lines = ["other lines"] if other.program != run.program else []
    return f"run {other.badge}: {', '.join([*changed, *lines]) or 'other data'}"


def run_context(run: Run) -> dict[str, Any]:
    """Everything that the page of a run shows."""
    trace = run.load()
    context: dict[str, Any] = {"run": run, "badge": badge_of(run)}
    if trace is None:
        sent = [
            {"name": name, "value": value, "code": True} for name, value in run.settings.items()
        ]
        whys = [{"name": name, "value": why} for name, why in run.refusals.items()]
        return context | {"facts": sent, "refusals": sent + whys}
    document, known = trace.document, facts_of_spec(trace.document["spec"])
    return context | {
        "document": document,
        "headline": headline(run, document),
        "error": error_of(document),
        "data": f"{known.about} {source_of(known)}",
        "own_data": {"name": run.table.name, "href": f"{OWN_DATA}{run.table.pk}/"}
        if run.table
        else None,
        "facts": settings_facts(document["spec"]),
        "receipt": receipt(document, run),
        "table": epoch_table(document, run) if document["epochs"] else None,
        "lines": program_lines(document),
        "ways": ways_on(run, trace),
        "autopsy": f"/runs/{run.id}/autopsy/" if first_sign(trace) else "",
        "script": reverse("script-py", args=[run.id]),
        "exercise": reverse("exercise-py", args=[run.id]) if is_example(document) else "",
        "trace": reverse("trace-json", args=[run.id]),
    }
