"""Where one can go on from a run: pages of other rooms, by their addresses alone."""

from trainer.engine.layout import leads_rows
from trainer.engine.trace import Document, Trace
from trainer.models import Run

NO_PROGRAM = ("SyntaxError", "IndentationError", "TabError")
"""Errors of a text that Python cannot read: none of its lines ran."""


def ways_on(run: Run, trace: Trace) -> list[dict[str, str]]:
    """Address and words of each page that has something to tell of this run."""
    rows = f"/runs/{run.id}/predict/" if leads_rows(trace) else ""
    weights = f"/runs/{run.id}/weights/" if trace.has("parameters") else ""
    ways = (
        (steps_of(run, trace.document), "Open it step by step"),
        (weights, "Follow a weight"),
        (rows, "Follow a row"),
        (f"/pipeline/?run={run.id}", "Open in the pipeline"),
        (f"/lab/?run={run.id}", "Open in the lab"),
    )
    return [{"href": href, "label": label} for href, label in ways if href]


def steps_of(run: Run, document: Document) -> str:
    """Where the run can be opened step by step: a failed one at the line that failed."""
    error = document["error"]
    if error and (error["type"] in NO_PROGRAM or _stopped_at_once(document)):
        return ""
    failed = document["status"] == "failed"
    return f"/runs/{run.id}/steps/{max(1, len(document['steps'])) if failed else 1}/"


def _stopped_at_once(document: Document) -> bool:
    """Whether no line had run when it was stopped."""
    return bool(document["status"] == "stopped" and document["error"]["line"] <= 1)
