"""What an accuracy is worth: each epoch beside always naming the commonest class."""

from course.drawings.strips import Strip, strips
from course.drawings.svg import Told
from course.lessons.lesson.figure import Figure, Shown
from course.lessons.lesson.figures.training_trace import epochs
from course.lessons.lesson.figures.training_trace.epochs import apart
from course.lessons.pipeline.wording import count
from trainer.engine.names import Names
from trainer.engine.probes import training_trace as probes
from trainer.pages import shown

ROWS = {"heldout": "held-out rows", "training": "training rows"}
FIELDS = {"heldout": ("heldout_accuracy", "heldout_class_counts"),
          "training": ("accuracy", "class_counts")}  # fmt: skip
DRAWN = 12
"""Epochs that are drawn, evenly apart."""


def baseline(given: Shown) -> Figure | None:
    """The accuracy of each epoch as a bar, and the share of the commonest class as a mark."""
    document = given.trace.document
    control = given.one_of("rows", "Measured on", ROWS)
    field, counted = FIELDS[control.value]
    counts: list[int] = document["data"][counted]
    majority = max(counts) / sum(counts)
    found = list(enumerate(probes.of_epochs(given.trace, field), 1))
    measured = [(epoch, share) for epoch, share in found if share is not None]
    if not measured:
        return None
    drawn = [
        Strip(f"{epoch}", shown(share), segments=[(share, "ink-3")], mark=majority)
        for epoch, share in _spread(measured)
    ]
    words = ROWS[control.value]
    title = f"How much more than the commonest class: {words}"
    says = _says(measured, counts, words, Names.of(document))
    return Figure(
        title=title,
        says=f"{says}{_left_out(len(measured))}",
        drawing=strips(Told(title, says), ("epoch", "from 0 to 1", "right"), drawn),
        table=epochs.epoch_table(
            title, (f"Share of {words} right",), [epochs.column(document, field)]
        ),
        controls=(control,),
    )


def _spread(measured: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """At most so many, the first and the last among them."""
    last = len(measured) - 1
    if last < DRAWN:
        return measured
    return [measured[round(index * last / (DRAWN - 1))] for index in range(DRAWN)]


def _says(measured: list[tuple[int, float]], counts: list[int], words: str, names: Names) -> str:
    majority, classes = max(counts) / sum(counts), len(counts)
    (first, begin), (last, end) = measured[0], measured[-1]
    above = sum(share > majority for _, share in measured)
    said = (
        f"The upright line is at {shown(majority)}: {max(counts):,} of {sum(counts):,} {words} are "
        f"of {names.label(counts.index(max(counts)))}, and always naming it needs no model. "
        f"{_against(first, begin, majority)}"
    )
    if last != first:
        said += f" {_against(last, end, majority)}"
    return (
        f"{said} The end of {above} of {count(len(measured), 'epoch')} lies above the line. One in "
        f"{classes} would be {shown(1 / classes)}."
    )


def _against(epoch: int, share: float, majority: float) -> str:
    side = "above" if share > majority else "below" if share < majority else "off"
    far = apart(share, majority)
    return f"After epoch {epoch} the model is right on {shown(share)}, {far} {side} it."


def _left_out(epochs_measured: int) -> str:
    return f" Drawn: {DRAWN} of {epochs_measured} epochs." if epochs_measured > DRAWN else ""
