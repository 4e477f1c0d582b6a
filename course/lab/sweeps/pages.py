"""What the pages of sweeps show, as plain data for their templates."""

from typing import TYPE_CHECKING, Any

from course.lab.sweeps.charts import curves, over_values
from course.lab.sweeps.forms import SweepForm
from course.lab.sweeps.points import Point, points_of
from course.lab.sweeps.reading import Measured, reading
from course.lab.tables import Table, table
from trainer.models import Run, Sweep
from trainer.pages import (
    NOT_MEASURED,
    SETTINGS,
    badge_of,
    new_nonce,
    settings_facts,
    shown,
    sweep_row,
    value_of,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import _User

LISTED = 20
QUARTERS = 4

Context = dict[str, Any]


def sweeps_page(
    learner: "_User | None", form: SweepForm, run: Run | None = None, nonce: str = ""
) -> Context:
    """The form, and the learner's latest sweeps."""
    own = Sweep.objects.filter(owner=learner)[:LISTED] if learner else []
    return {
        "form": form,
        "carried": form.carried(run),
        "nonce": nonce or new_nonce(),
        "start": badge_of(run) if run else None,
        "rows": [sweep_row(sweep) for sweep in own],
    }


def sweep_page(sweep: Sweep, wait: float = 0, problem: str = "") -> Context:
    """A sweep so far. wait: seconds until it may ask for its next point by itself."""
    points = points_of(sweep)
    done, going = len(points), sweep.status == Sweep.Status.RUNNING
    return {
        "sweep": sweep,
        "label": SETTINGS[sweep.setting],
        "many": len(sweep.seeds) > 1,
        "done": done,
        "going": going,
        "wait": wait,
        "problem": problem,
        "said": _said(sweep, done),
        "reading": _reading(sweep, points) if done else [],
        "drawings": _drawings(sweep, points),
        "rows": [_row(point) for point in points],
        "means": _means(sweep, points) if len(sweep.seeds) > 1 and done else None,
        "facts": _kept(sweep),
    }


def _kept(sweep: Sweep) -> list[Context]:
    """Every setting but the one that changes, and the seeds."""
    spec = {name: value for name, value in sweep.spec.items() if name != sweep.setting}
    facts = [fact for fact in settings_facts(spec) if fact["name"] != SETTINGS["seed"]]
    if sweep.setting == "seed":
        return facts
    return [*facts, {"name": "Seeds", "value": ", ".join(map(str, sweep.seeds))}]


def _said(sweep: Sweep, done: int) -> str:
    """What is read out: the first point, each quarter, the end; nothing in between."""
    if sweep.status == Sweep.Status.FINISHED:
        return f"The sweep is finished: {sweep.size} runs."
    marks = {1, *(sweep.size * quarter // QUARTERS for quarter in range(1, QUARTERS))}
    return f"{done} of {sweep.size} runs are made." if done in marks else ""


def _measured(sweep: Sweep, points: list[Point]) -> list[Measured]:
    """By value, in the order of the sweep."""
    return [
        Measured(value, [p.measured for p in points if p.value == value and p.measured is not None])
        for value in sweep.values
    ]


def _reading(sweep: Sweep, points: list[Point]) -> list[str]:
    return reading(sweep.setting, _measured(sweep, points))


def _drawings(sweep: Sweep, points: list[Point]) -> list[Context]:
    label = SETTINGS[sweep.setting].lower()
    lost = any(point.why for point in points)
    made = [
        (f"Held-out accuracy by {label}", over_values(sweep, points, "accuracy")),
        (f"Held-out loss by {label}", over_values(sweep, points, "loss")),
        (f"Running loss by epoch, one run for each {label}", curves(sweep, points)),
    ]
    notes = [_note(sweep, lost=lost), _note(sweep, lost=lost), _curve_note(sweep)]
    return [
        {"title": title, "drawing": drawing, "note": note}
        for (title, drawing), note in zip(made, notes, strict=True)
        if drawing
    ]


def _note(sweep: Sweep, *, lost: bool) -> str:
    said = "A circle is one run at its end."
    if len(sweep.seeds) > 1:
        said += " The band reaches from the lowest to the highest seed."
    return f"{said} A dashed circle at the foot has no finite figure." if lost else said


def _curve_note(sweep: Sweep) -> str:
    return f"Each line is the run under seed {sweep.seeds[0]}." if sweep.setting != "seed" else ""


def _means(sweep: Sweep, points: list[Point]) -> Table:
    rows = [
        [
            value_of(each.value),
            str(len(each.numbers)),
            *(
                [shown(min(each.numbers)), shown(each.mean), shown(max(each.numbers))]
                if each.numbers
                else [NOT_MEASURED] * 3
            ),
        ]
        for each in _measured(sweep, points)
    ]
    heads = [SETTINGS[sweep.setting], "Seeds", "Lowest", "Mean", "Highest"]
    return table("Held-out accuracy by value", heads, rows)


def _row(point: Point) -> Context:
    return {
        "badge": badge_of(point.run),
        "value": value_of(point.value),
        "state": point.run.get_status_display(),
        "loss": shown(point.loss),
        "accuracy": shown(point.accuracy),
        "why": point.why,
    }
