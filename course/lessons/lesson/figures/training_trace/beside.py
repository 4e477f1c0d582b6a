"""The course's run `published` beside this one, and what the size of its steps did."""

from course.drawings.plot import plot
from course.drawings.svg import Told
from course.lessons.lesson.figure import Figure, Shown
from course.lessons.lesson.figures.training_trace import epochs
from course.lessons.lesson.figures.training_trace.epochs import Look
from trainer.course_runs import course_runs
from trainer.engine.observations import overshoot
from trainer.engine.probes import batch_losses
from trainer.engine.trace import Trace
from trainer.figures.series import over_epochs
from trainer.models import Run
from trainer.pages import SETTINGS, shown, value_of

NAMES = ("published", "published-smaller-step")
MEASURES = {
    "running_loss": "running loss",
    "heldout_loss": "held-out loss",
    "running_accuracy": "running accuracy",
    "heldout_accuracy": "held-out accuracy",
}
LOOKS = (Look("line", "ink", "this run"), Look("line-2", "hollow", "published"))


def published_beside(given: Shown) -> Figure | None:
    """The same measure of both runs over the epochs."""
    pairs = [(run, run.load()) for run in course_runs(*NAMES) or ()]
    found = [(run, trace) for run, trace in pairs if trace is not None]
    if len(found) < len(NAMES) or not given.trace.document["epochs"]:
        return None
    (run, theirs), (smaller, short) = found
    control = given.one_of("beside", "Measure", MEASURES)
    field = control.value
    curves = [over_epochs(each, field) for each in (given.trace, theirs)]
    marks = epochs.lines(list(zip(curves, LOOKS, strict=True)))
    title = f"{MEASURES[field]} of this run and of the published one".capitalize()
    says = " ".join(
        (
            _unlike(given.trace, theirs),
            _ends(given.trace, theirs, field),
            _leap(theirs, short, _named(smaller)),
        )
    ).strip()
    columns = [epochs.column(each.document, field) for each in (given.trace, theirs)]
    return Figure(
        title=title,
        says=f"Solid: this run. Dashed: the course's {_named(run)}. {says}",
        drawing=plot(Told(title, says), *epochs.axes(field.rpartition("_")[2], marks), marks),
        table=epochs.epoch_table(title, ("This run", "published"), columns),
        controls=(control,),
    )


NONE = "nothing"
"""What is said of a setting that a spec leaves out: nothing was done to the rows."""


def _named(run: Run) -> str:
    """A run of the course as its badge names it."""
    return f"run `{run.badge}`, `{run.name}`"


def _unlike(mine: Trace, theirs: Trace) -> str:
    """What the two were asked to do differently."""
    if mine.document["digest"] == theirs.document["digest"]:
        return "Both are the same run, number for number."
    own, other = mine.document["spec"], theirs.document["spec"]
    unlike = [
        f"{label.lower()} {value_of(other.get(name, NONE))} (here {value_of(own.get(name, NONE))})"
        for name, label in SETTINGS.items()
        if own.get(name) != other.get(name)
    ]
    if not unlike:
        return "Its settings are those of this run; its lines are not."
    said = f"It has {'; '.join(unlike)}."
    if own["dataset"] != other["dataset"]:
        said += " With other rows the heights cannot be compared, only the shapes."
    return said


def _ends(mine: Trace, theirs: Trace, field: str) -> str:
    own, other = (each.document["epochs"][-1] for each in (mine, theirs))
    said = f"After epoch {other['epoch']} it has a {MEASURES[field]} of {shown(other[field])}"
    if own[field] is None:
        return f"{said}; this run measured none."
    return f"{said}, this run after epoch {own['epoch']} one of {shown(own[field])}."


def _leap(theirs: Trace, smaller: Trace, name: str) -> str:
    """The first update was too long, and a shorter one is not."""
    step = _leap_step(theirs)
    if step is None:
        return ""
    before, after = batch_losses(theirs)[step - 2 : step]
    rate = theirs.document["spec"]["lr"]
    said = (
        f"In `published` the loss of a batch leaps from {shown(before)} to {shown(after)} at step "
        f"{step}, with learning rate {rate:g}."
    )
    if _leap_step(smaller) is not None:
        return said
    return (
        f"{said} With {smaller.document['spec']['lr']:g} and all else alike ({name}) it never does."
    )


def _leap_step(trace: Trace) -> int | None:
    return overshoot(batch_losses(trace), [each["rows"] for each in trace.document["steps"]])
