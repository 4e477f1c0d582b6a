"""The course's run on few rows, for many epochs: all of them learnt, and what became of others."""

from course.drawings.plot import plot
from course.drawings.svg import Told
from course.lessons.lesson.figure import Figure, Shown
from course.lessons.lesson.figures.training_trace import epochs
from course.lessons.lesson.figures.training_trace.epochs import NOUNS, Look, apart
from trainer.course_runs import course_run
from trainer.engine.probes import training_trace as probes
from trainer.engine.trace import Trace
from trainer.figures.series import over_epochs
from trainer.pages import shown

NAME = "few-rows"
LOOKS = (("", Look("line-2", "hollow", "training")), ("heldout_", Look("line", "ink", "held-out")))


def few_rows(given: Shown) -> Figure | None:
    """Training rows and held-out rows of the course's run, over all of its epochs."""
    run = course_run(NAME)
    trace = run.load() if run else None
    if run is None or trace is None:
        return None
    control = given.one_of("memory", "Measure", NOUNS)
    noun = control.value
    marks = epochs.lines([(over_epochs(trace, before + noun), look) for before, look in LOOKS])
    title = f"{run.spec['rows']} rows to learn from: the {noun} on them and on others"
    says = f"{_told(trace)} {_own(given.trace)}".strip()
    columns = [epochs.column(trace.document, before + noun) for before, _ in LOOKS]
    return Figure(
        title=title,
        says=f"Dashed: training rows. Solid: held-out rows. The course's run `{run.badge}`, "
        f"`{run.name}`: {run.spec['rows']} training rows, {run.spec['hidden']} hidden units. "
        f"{says}",
        drawing=plot(Told(title, says), *epochs.axes(noun, marks), marks),
        table=epochs.epoch_table(title, ("Training rows", "Held-out rows"), columns),
        controls=(control,),
    )


def _told(trace: Trace) -> str:
    """When all training rows were right, and where the held-out loss was lowest."""
    shares, losses = (probes.of_epochs(trace, name) for name in ("accuracy", "heldout_loss"))
    last, end = trace.document["epochs"][-1], losses[-1]
    said = []
    if last["accuracy"] == 1.0:
        since = max(epoch for epoch, share in enumerate([0.0, *shares]) if share != 1.0) + 1
        said.append(f"From the end of epoch {since} on every training row is right.")
    known = [(loss, epoch) for epoch, loss in enumerate(losses, 1) if loss is not None]
    if known and end is not None and min(known)[0] < end:
        best, epoch = min(known)
        said.append(
            f"The held-out loss is lowest after epoch {epoch}, {shown(best)}, and {shown(end)} "
            f"after epoch {last['epoch']}; {shown(last['heldout_accuracy'])} of the held-out rows "
            "are right then."
        )
    return " ".join(said)


def _own(mine: Trace) -> str:
    """The reader's run, for comparison."""
    last = mine.document["epochs"][-1] if mine.document["epochs"] else {}
    names = ("accuracy", "heldout_accuracy")
    train, heldout = (probes.of_epochs(mine, name)[-1] if last else None for name in names)
    if train is None or heldout is None:
        return ""
    return (
        f"In this run, after epoch {last['epoch']}, {shown(train)} of the training rows are right "
        f"and {shown(heldout)} of the held-out rows, {apart(train, heldout)} apart."
    )
