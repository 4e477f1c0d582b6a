"""The page of a step put together: where it is, what the line did, what holds now."""

from dataclasses import dataclass, replace
from typing import Any

from course.drawings.numerals import decimal
from course.drawings.scrubber import Passed, scrubber
from course.drawings.svg import Told
from course.inside.steps import figures, tables, tensor
from course.inside.steps.addresses import LAST, Address
from course.inside.steps.card import row_of, short, step_card
from course.inside.steps.saying import sentences
from course.inside.steps.step import Step
from course.lessons.pipeline.wording import prose
from trainer.engine.trace import Document, Trace, as_float
from trainer.models import Run
from trainer.pages import badge_of, error_of

Context = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which state: a step, one of its lines, counted from 1, and a tensor or the page's choice."""

    step: int
    line: int
    tensor: str


def page(run: Run, trace: Trace, step: Step, wanted: Wanted) -> Context:
    """Everything that the page shows."""
    document, line = trace.document, wanted.line
    here = Address(run.id, wanted.step, line=str(line), tensor=wanted.tensor)
    head = _head(document, step, line)
    return {
        **_place(run, document, wanted.step),
        "head": head,
        "said": f"{_title(document, wanted.step)}, {head['said']}",
        "line": line,
        "lines": step.lines,
        "left_out": step.replayed["left_out"],
        "source": step.sources[line - 1],
        "tensor": wanted.tensor,
        "says": [prose(each) for each in sentences(step, line)],
        "error": error_of(document) if step.is_failing(line) else None,
        "card": step_card(document, step, line, lambda at: str(replace(here, line=str(at)))),
        "ways": _ways(here, step, len(document["steps"])),
        **_tables(step, here),
        **_figures(run, trace, step, wanted),
    }


def waiting(run: Run, trace: Trace, number: int) -> Context:
    """The page while no runner is free to run the step again."""
    return {**_place(run, trace.document, number), "busy": True}


def _place(run: Run, document: Document, number: int) -> Context:
    """Where in the run the page stands."""
    steps = document["steps"]
    passed = steps[number - 1] if steps else None
    return {
        "run": run,
        "badge": badge_of(run),
        "title": _title(document, number),
        "where": f"Epoch {passed['epoch']}, batch {passed['batch']}" if passed else "No batch",
        "number": number,
        "steps": len(steps),
        "scrubber": _scrubber(document, number) if steps else "",
    }


def _title(document: Document, number: int) -> str:
    steps = len(document["steps"])
    return f"Step {number:,} of {steps:,}" if steps else "The lines that ran"


def _scrubber(document: Document, number: int) -> str:
    passed = [Passed(each["epoch"], as_float(each["loss"])) for each in document["steps"]]
    loss = passed[number - 1].loss
    told = "no loss was computed" if loss is None else f"the loss is {decimal(loss)}"
    words = Told(
        "The loss of every step", f"In step {number} of {len(passed)}, which is marked, {told}."
    )
    return scrubber(words, passed, number)


def _head(document: Document, step: Step, line: int) -> Context:
    row = row_of(document, step.sources[line - 1])
    code = short(row["code"])
    word = "Failed at" if step.is_failing(line) else "After"
    return {"word": word, "code": code, "stage": row["stage"], "said": f"{word.lower()} {code}"}


def _ways(here: Address, step: Step, steps: int) -> Context:
    """The states around this one; "" where there is none."""
    line = int(here.line)
    source = str(step.sources[line - 1])

    def other(number: int, *, line: str = "", at: str = "") -> str:
        there = replace(here, step=number, line=line, at=at)
        return str(there) if 1 <= number <= steps else ""

    before = str(replace(here, line=str(line - 1))) if line > 1 else ""
    after = str(replace(here, line=str(line + 1))) if line < step.lines else ""
    return {
        "step_before": other(here.step - 1, at=source),
        "step_after": other(here.step + 1, at=source),
        "line_before": before or other(here.step - 1, line=LAST),
        "line_after": after or other(here.step + 1, line="1"),
        "leaves_before": line == 1,
        "leaves_after": line == step.lines,
    }


def _tables(step: Step, here: Address) -> Context:
    line = int(here.line)
    things = list(step.things(line).values())

    def link(path: str) -> str:
        return f"{replace(here, tensor=path)}#tensor"

    return {
        "names": tables.names(things, link),
        "parameters": tables.parameters(step, line, link),
        "state": tables.state(things, link),
    }


def _figures(run: Run, trace: Trace, step: Step, wanted: Wanted) -> Context:
    things = step.things(wanted.line)
    thing = tensor.chosen(things, wanted.tensor)
    return {
        "map": tensor.figure(thing) if thing else None,
        "missing": wanted.tensor if wanted.tensor not in things else "",
        "rows": figures.row_losses(step, wanted.line),
        "graph": figures.graph(step, wanted.line),
        "norms": figures.course_of_norms(run, trace, wanted.step),
    }
