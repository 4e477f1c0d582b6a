"""The training trace of the page: curves, the band of other seeds, and the published figures."""

from typing import Any

from course.lessons.pipeline.tables import table
from course.lessons.pipeline.wording import count
from trainer import figures
from trainer.bands import band_of
from trainer.course_runs import course_run
from trainer.curve import curve
from trainer.engine import probes
from trainer.engine.observations import overshoot
from trainer.engine.trace import Document, Trace, as_float
from trainer.models import Run
from trainer.pages import badge_of, epoch_table, shown

MIN_BAND = 8


def training(run: Run, trace: Trace) -> dict[str, Any]:
    """Everything of the section, for a run that has at least one epoch."""
    others = band_of(run)
    band = others if len(others) >= MIN_BAND else []
    return {
        "charts": [_loss_chart(trace, band), _accuracy_chart(trace, band)],
        "batches": [_batch_chart(trace)],
        "table": epoch_table(trace.document, run),
        "band": _band_sentence(trace, band),
        "offer_band": not band and run.is_whole,
    }


def _loss_chart(trace: Trace, band: list[Trace]) -> dict[str, Any]:
    return {
        "title": "Loss (cross-entropy)",
        "figure": figures.loss_figure(trace, band),
        "svg": curve(trace),
        "says": _falls_from_to(trace.document, "running_loss", "heldout_loss", "loss"),
    }


def _accuracy_chart(trace: Trace, band: list[Trace]) -> dict[str, Any]:
    return {
        "title": "Accuracy (share of rows)",
        "figure": figures.accuracy_figure(trace, band),
        "says": _falls_from_to(trace.document, "running_accuracy", "heldout_accuracy", "accuracy"),
    }


def _falls_from_to(document: Document, running: str, heldout: str, noun: str) -> str:
    first, last = document["epochs"][0], document["epochs"][-1]
    if as_float(first[running]) is None:
        return f"No {noun} was computed."
    said = f"Running {noun} {shown(first[running])} in the first epoch"
    if last is not first:
        said += f", {shown(last[running])} in the last"
    if as_float(last[heldout]) is None:
        return f"{said}."
    return f"{said}; on the held-out rows {shown(last[heldout])} at the end."


def _batch_chart(trace: Trace) -> dict[str, Any]:
    rises, pairs = probes.probe("rises_in_batch_loss", trace), probes.probe("batch_pairs", trace)
    says = "The loss of every batch, in the order in which they were dealt."
    if isinstance(rises, int) and isinstance(pairs, int):
        says += (
            f" It rose {count(rises, 'time')} in {count(pairs, 'step')} from one batch to the next."
        )
    return {"title": "Loss of every batch", "figure": figures.batch_figure(trace), "says": says}


def _band_sentence(trace: Trace, band: list[Trace]) -> str:
    """Where this run ended among other seeds, counted."""
    mine = _last_loss(trace)
    if not band or mine is None:
        return ""
    losses = [loss for other in band if (loss := _last_loss(other)) is not None]
    lower = sum(loss < mine for loss in losses)
    return (
        f"The band is drawn from {count(len(band), 'other seed')} under the same settings, lowest to "
        f"highest at each epoch on its own. {lower} of them ended with a lower "
        f"running loss than this run's {shown(mine)}."
    )


def _last_loss(trace: Trace) -> float | None:
    value = probes.probe("last_running_loss", trace)
    return value if isinstance(value, float) else None


# -- the published figures ---------------------------------------------------------------

PUBLISHED = ((1.20, 0.45), (0.85, 0.60), (0.60, 0.75), (0.45, 0.82), (0.35, 0.88))
"""Loss and accuracy per epoch that lessons on this topic like to print. Quoted, not measured."""


def published(run: Run, trace: Trace) -> dict[str, Any] | None:
    """The preset that lands near the printed figures, beside the calm one, and what it costs."""
    stored, calm, smaller = (
        course_run(name) for name in ("published", "calm", "published-smaller-step")
    )
    if not (stored and calm and smaller and stored.trace and calm.trace and smaller.trace):
        return None
    theirs = stored.trace.engine_trace
    calm_trace = calm.trace.engine_trace
    return {
        "charts": [_comparison(theirs, calm_trace)],
        "badges": [badge_of(stored), badge_of(calm)],
        "table": _printed_table(theirs.document),
        "largest_error": shown(max(_errors(theirs.document))),
        "facts": _published_facts(stored, smaller.trace.engine_trace),
        "smaller": badge_of(smaller),
        "verdict": _verdict(run, trace, theirs),
    }


def _comparison(theirs: Trace, calm: Trace) -> dict[str, Any]:
    last = [shown(_last_loss(each)) for each in (theirs, calm)]
    return {
        "title": "Running loss, published and calm",
        "figure": figures.comparison_figure(theirs, calm, ("published", "calm")),
        "says": f"The published settings end at {last[0]}, the calm ones at {last[1]}.",
    }


def _printed_table(document: Document) -> dict[str, Any]:
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
    pairs = zip(document["epochs"], PUBLISHED, strict=True)
    return [
        abs(float(epoch[name]) - printed)
        for epoch, figures_ in pairs
        for name, printed in zip(("running_loss", "running_accuracy"), figures_, strict=True)
    ]


def _published_facts(stored: Run, smaller: Trace) -> list[str]:
    """What the numbers say about the too large step. Each sentence stands only where it is true."""
    if stored.trace is None:
        return []
    trace = stored.trace.engine_trace
    document, facts = trace.document, []
    losses = probes.batch_losses(trace)
    step = overshoot(losses, [each["rows"] for each in document["steps"]])
    guess = probes.probe("log_classes", trace)
    if step is not None:
        facts.append(
            f"At step {step} the loss leaps from {shown(losses[step - 2])} to "
            f"{shown(losses[step - 1])}.{_no_leap(smaller)}"
        )
    facts += _without_leap(document, step, guess)
    facts += _silent(trace, smaller) + _found_by_search(stored, trace)
    return facts


def _no_leap(smaller: Trace) -> str:
    """That a smaller step does without the leap, where it does."""
    rows = [each["rows"] for each in smaller.document["steps"]]
    if overshoot(probes.batch_losses(smaller), rows) is not None:
        return ""
    rate = smaller.document["spec"]["lr"]
    return f" The update before it was too long: with learning rate {rate:g} the loss never leaps."


def _without_leap(document: Document, step: int | None, guess: object) -> list[str]:
    """That the leap alone lifts the first epoch's mean above that of equal odds, where it does."""
    first = document["epochs"][0]
    mean = float(first["running_loss"])
    others = [each for each in document["steps"] if each["epoch"] == 1 and each["step"] != step]
    rows = sum(each["rows"] for each in others)
    if step is None or step > first["last_step"] or not isinstance(guess, float) or not rows:
        return []
    without = sum(float(each["loss"]) * each["rows"] for each in others) / rows
    if not without < guess < mean:
        return []
    return [
        f"So the first epoch averages {shown(mean)}, above the {shown(guess)} of a model that gives "
        f"every class the same odds. Without that one batch it would be {shown(without)}."
    ]


def _silent(trace: Trace, smaller: Trace) -> list[str]:
    silent, hidden = probes.probe("silent_units", trace), trace.document["spec"]["hidden"]
    mine, theirs = (
        probes.probe("heldout_accuracy", trace),
        probes.probe("heldout_accuracy", smaller),
    )
    facts = []
    if isinstance(silent, int) and silent > hidden // 2:
        facts.append(
            f"{silent} of {hidden} hidden units are silent at the end: zero for every training row."
        )
    if isinstance(mine, float) and isinstance(theirs, float) and theirs > mine:
        rate = smaller.document["spec"]["lr"]
        facts.append(
            f"The same network and seed with learning rate {rate:g} gets {shown(theirs)} of the held-out "
            f"rows right, against {shown(mine)}."
        )
    return facts


def _found_by_search(stored: Run, trace: Trace) -> list[str]:
    """How usual this curve is: in how many other seeds the first epoch is as bad."""
    band = [other.document for other in band_of(stored)]
    guess = probes.probe("log_classes", trace)
    if len(band) < MIN_BAND or not isinstance(guess, float):
        return []
    above = sum(float(document["epochs"][0]["running_loss"]) > guess for document in band)
    seed = trace.document["spec"]["seed"]
    return [
        f"Seed {seed} was not the first one tried: seeds and learning rates were searched for the run "
        f"nearest the printed figures. Of {count(len(band), 'other seed')} at this rate, "
        f"{above} average more than {shown(guess)} in the first epoch."
    ]


def _verdict(run: Run, trace: Trace, theirs: Trace) -> str:
    """The reader's own run against the published curve, on held-out rows."""
    mine, other = probes.probe("heldout_accuracy", trace), probes.probe("heldout_accuracy", theirs)
    if not run.owner_id or not isinstance(mine, float) or not isinstance(other, float):
        return ""
    if mine > other:
        return f"Your run does better: {shown(mine)} of the held-out rows, against {shown(other)}."
    return f"Not yet: your run gets {shown(mine)} of the held-out rows right, the published one {shown(other)}."
