"""What the page of an autopsy shows, as plain data for its template."""

from typing import Any

from course.lab.autopsy import words
from course.lab.autopsy.chart import chain_chart, chain_table, lines_table, says
from course.replays import Replayed, replay
from trainer.engine.finite import Sign, first_sign
from trainer.engine.spec import MIN_LR
from trainer.models import Run
from trainer.pages import badge_of, new_nonce, value_of

BEFORE = 8
"""Steps before the bad one that the page tells."""

SMALLER = (10, 100)

Context = dict[str, Any]


def autopsy_page(run: Run) -> Context:
    """Everything that the page shows: a finding, or why there is none."""
    trace = run.load()
    shown: Context = {"run": run, "badge": badge_of(run)}
    if trace is None:
        return shown | {"state": "nothing"}
    sign = first_sign(trace)
    if sign is None:
        return shown | {"state": "finite"}
    found = replay("autopsy", trace, BEFORE)
    if found is None:
        return shown | {"state": "later"}
    return shown | _told(run, sign, found)


def _told(run: Run, sign: Sign, replayed: Replayed) -> Context:
    found, chain = replayed["found"], replayed["chain"]
    said = _found(found) if found else {"state": "figure", "finding": words.only_a_figure(sign)}
    helps = not found or found["updates"]
    return said | {
        "chart": chain_chart(chain),
        "says": says(chain),
        "chain": chain_table(chain),
        "lines": lines_table(replayed["lines"]) if found else None,
        "source": _source(run, found["line"]) if found else None,
        "smaller": [_rerun(run, times) for times in SMALLER if helps and _room(run, times)],
    }


def _found(found: words.Found) -> Context:
    return {
        "state": "found",
        "finding": words.finding(found),
        "cause": words.cause(found),
        "before": words.after_updates(found),
    }


def _source(run: Run, line: int) -> str:
    trace = run.load()
    text: str = trace.document["source"].splitlines()[line - 1] if trace else ""
    return text.strip()


def _room(run: Run, times: int) -> bool:
    return bool(run.spec["lr"] / times >= MIN_LR)


def _rerun(run: Run, times: int) -> Context:
    """The same run with a smaller step, as a form sends it."""
    smaller = run.spec["lr"] / times
    spec = run.settings | {"lr": repr(smaller)}
    return {
        "lr": value_of(smaller),
        "fields": [*spec.items(), ("lines", run.program), ("nonce", new_nonce())],
    }
