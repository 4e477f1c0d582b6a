"""The published figures: the preset that lands near them, beside the calm one, and its price."""

from typing import Any

from course.lessons.pipeline.tables import Table, table
from course.lessons.pipeline.wording import count
from trainer import figures
from trainer.bands import MIN_BAND, band_of
from trainer.course_runs import course_runs
from trainer.curve import comparison_curve
from trainer.engine import probes
from trainer.engine.observations import overshoot
from trainer.engine.trace import Document, Trace
from trainer.models import Run
from trainer.pages import badge_of, shown

NAMES = ("published", "calm")
DRAWS = ("dataset", "data_seed")
"""Settings that decide which rows are held out."""
PUBLISHED = ((1.20, 0.45), (0.85, 0.60), (0.60, 0.75), (0.45, 0.82), (0.35, 0.88))
"""Loss and accuracy per epoch that lessons on this topic like to print. Quoted, not measured."""


def published(run: Run, trace: Trace) -> dict[str, Any] | None:
    """The preset that lands near the printed figures, beside the calm one, and what it costs."""
    runs = course_runs("published", "calm", "published-smaller-step")
    if runs is None:
        return None
    stored, calm, smaller = runs
    theirs, other, short = (each.load() for each in runs)
    if not (theirs and other and short):
        return None
    return {
        "charts": [_comparison(theirs, other)],
        "badges": [badge_of(stored), badge_of(calm)],
        "table": _printed_table(theirs.document),
        "largest_error": shown(max(_errors(theirs.document))),
        "facts": [fact for fact in _facts(theirs, short, band_of(stored)) if fact],
        "smaller": badge_of(smaller),
        "verdict": _verdict(run, trace, theirs),
    }


def _comparison(theirs: Trace, calm: Trace) -> dict[str, Any]:
    ends = [shown(_found("last_running_loss", each)) for each in (theirs, calm)]
    return {
        "title": "Running loss, published and calm",
        "figure": figures.comparison_figure(theirs, calm, NAMES),
        "svg": comparison_curve(theirs, calm, NAMES),
        "says": f"The published settings end at {ends[0]}, the calm ones at {ends[1]}.",
    }


def _printed_table(document: Document) -> Table:
    heads = ("Printed loss", "This run", "Printed accuracy", "This run")
    columns = [{"text": "Epoch", "kind": "n"}, *({"text": head, "kind": "n"} for head in heads)]
    rows = [
        [
            str(epoch["epoch"]),
            f"{loss:.2f}",
            shown(epoch["running_loss"]),
            f"{accuracy:.2f}",
            shown(epoch["running_accuracy"]),
        ]
        for epoch, (loss, accuracy) in zip(document["epochs"], PUBLISHED, strict=True)
    ]
    return table("Printed figures and a real run", columns, rows)


def _errors(document: Document) -> list[float]:
    """How far each figure of the run, as printed here, is from the printed one."""
    names = ("running_loss", "running_accuracy")
    return [
        abs(round(float(epoch[name]), 3) - figure)
        for epoch, printed in zip(document["epochs"], PUBLISHED, strict=True)
        for name, figure in zip(names, printed, strict=True)
    ]


# -- what the numbers say; each sentence stands only where it is true --------------------


def _facts(theirs: Trace, smaller: Trace, band: list[Trace]) -> list[str]:
    return [
        _leap(theirs, smaller),
        _without_leap(theirs),
        _silent(theirs),
        _better(theirs, smaller),
        _searched(theirs, band),
    ]


def _leap_step(trace: Trace) -> int | None:
    rows = [each["rows"] for each in trace.document["steps"]]
    return overshoot(probes.batch_losses(trace), rows)


def _leap(theirs: Trace, smaller: Trace) -> str:
    step = _leap_step(theirs)
    if step is None:
        return ""
    before, after = probes.batch_losses(theirs)[step - 2 : step]
    said = f"At step {step} the loss leaps from {shown(before)} to {shown(after)}."
    if _leap_step(smaller) is not None:
        return said
    rate = smaller.document["spec"]["lr"]
    return f"{said} The update before was too long: with learning rate {rate:g} it never leaps."


def _without_leap(theirs: Trace) -> str:
    """Say that the leap alone lifts the first epoch's mean above that of equal odds."""
    step, first = _leap_step(theirs), theirs.document["epochs"][0]
    mean, guess = first["running_loss"], _found("log_classes", theirs)
    others = [
        each for each in theirs.document["steps"] if each["epoch"] == 1 and each["step"] != step
    ]
    rows = sum(each["rows"] for each in others)
    if step is None or step > first["last_step"] or guess is None or not rows:
        return ""
    without = sum(float(each["loss"]) * each["rows"] for each in others) / rows
    if not without < guess < mean:
        return ""
    return (
        f"So the first epoch averages {shown(mean)}, above the {shown(guess)} of a model that "
        f"gives every class the same odds. Without that one batch it would be {shown(without)}."
    )


def _silent(theirs: Trace) -> str:
    silent, hidden = theirs.document["silent_units"], theirs.document["spec"]["hidden"]
    if silent is None or silent <= hidden // 2:
        return ""
    return f"{silent} of {hidden} hidden units end silent: zero for every training row."


def _better(theirs: Trace, smaller: Trace) -> str:
    mine, other = (_found("heldout_accuracy", each) for each in (theirs, smaller))
    if mine is None or other is None or other <= mine:
        return ""
    rate = smaller.document["spec"]["lr"]
    return (
        f"The same network and seed with learning rate {rate:g} gets {shown(other)} of the "
        f"held-out rows right, against {shown(mine)}."
    )


def _searched(theirs: Trace, band: list[Trace]) -> str:
    """How the seed was found, and how unusual its first epoch is."""
    guess = _found("log_classes", theirs)
    if len(band) < MIN_BAND or guess is None:
        return ""
    above = sum(float(each.document["epochs"][0]["running_loss"]) > guess for each in band)
    return (
        f"Seed {theirs.document['spec']['seed']} was not the first one tried: seeds and learning "
        "rates were searched for the run nearest the printed figures. Of "
        f"{count(len(band), 'other seed')} at this rate, {above} average more than {shown(guess)} "
        "in the first epoch."
    )


def _verdict(run: Run, trace: Trace, theirs: Trace) -> str:
    """The reader's own run against the published curve, on the same held-out rows."""
    if any(trace.document["spec"][name] != theirs.document["spec"][name] for name in DRAWS):
        return ""
    mine, other = (_found("heldout_accuracy", each) for each in (trace, theirs))
    if not run.owner_id or mine is None or other is None:
        return ""
    if mine > other:
        return f"Your run does better: {shown(mine)} of them, against {shown(other)}."
    return f"Your run gets {shown(mine)} of them right, the published one {shown(other)}."


def _found(name: str, trace: Trace) -> float | None:
    value = probes.probe(name, trace)
    return value if isinstance(value, float) else None
