"""Three measures of each epoch: while the weights moved, after it, and on rows held out."""

from course.drawings.plot import plot
from course.drawings.svg import Told
from course.lessons.lesson.figure import Figure, Shown
from course.lessons.lesson.figures.training_trace import epochs
from course.lessons.lesson.figures.training_trace.epochs import NOUNS, Look, apart
from course.lessons.pipeline.wording import count
from trainer.engine.probes import training_trace as probes
from trainer.engine.trace import Trace
from trainer.figures.series import over_epochs
from trainer.pages import shown

MEASURES = (
    ("running_", Look("line-3", "ink-3", "running"), "Running"),
    ("", Look("line-2", "hollow", "training"), "Training rows, at the end"),
    ("heldout_", Look("line", "ink", "held-out"), "Held-out rows, at the end"),
)


def three_measures(given: Shown) -> Figure | None:
    """Running, end of the epoch and held-out, as three lines over the epochs."""
    document = given.trace.document
    if not document["epochs"]:
        return None
    control = given.one_of("measure", "Measure", NOUNS)
    noun = control.value
    found = [(over_epochs(given.trace, before + noun), look) for before, look, _ in MEASURES]
    marks = epochs.lines(found)
    title = f"The {noun} of each epoch, measured three times"
    if not marks:
        return Figure(title, f"This run has no {noun} that can be drawn.", controls=(control,))
    says = " ".join(filter(None, (_last(given.trace, noun), *_gaps(given.trace, noun))))
    columns = [epochs.column(document, before + noun) for before, *_ in MEASURES]
    return Figure(
        title=title,
        says=f"Dotted: running. Dashed: training rows. Solid: held-out rows. {says}",
        drawing=plot(Told(title, says), *epochs.axes(noun, marks), marks),
        table=epochs.epoch_table(title, [head for *_, head in MEASURES], columns),
        controls=(control,),
    )


def _last(trace: Trace, noun: str) -> str:
    last = trace.document["epochs"][-1]
    words = ("running {}", "training rows {}", "held-out rows {}")
    said = [
        each.format(shown(last[before + noun]))
        for each, (before, *_) in zip(words, MEASURES, strict=True)
        if last[before + noun] is not None
    ]
    return f"Epoch {last['epoch']}: {', '.join(said)}." if said else ""


def _gaps(trace: Trace, noun: str) -> list[str]:
    """How running and end differ, and on which rows it went better, counted over the epochs."""
    running, ends, heldout = (probes.of_epochs(trace, before + noun) for before, *_ in MEASURES)
    both = _pairs(running, ends)
    said = []
    if both:
        side = "above" if noun == "loss" else "below"
        worse = sum(_worse(noun, mean, end) for _, mean, end in both)
        epoch, mean, end = max(both, key=lambda each: abs(each[1] - each[2]))
        said.append(
            f"Running was {side} what the same rows gave once the epoch was over in {worse} of "
            f"{count(len(both), 'epoch')}; the two were at most {apart(mean, end)} apart, "
            f"in epoch {epoch}."
        )
    if rows := _pairs(heldout, ends):
        better = sum(_worse(noun, end, held) for _, held, end in rows)
        said.append(
            f"At the end of {better} of {count(len(rows), 'epoch')} the held-out rows did better "
            "than the training rows."
        )
    return said


def _worse(noun: str, one: float, other: float) -> bool:
    """Whether the first figure is the worse one: the larger loss, the smaller accuracy."""
    return probes.above(one, other) if noun == "loss" else probes.above(other, one)


def _pairs(one: list[float | None], other: list[float | None]) -> list[tuple[int, float, float]]:
    """Number of the epoch and both figures, where both are there."""
    return [
        (epoch, a, b)
        for epoch, (a, b) in enumerate(zip(one, other, strict=True), 1)
        if a is not None and b is not None
    ]
