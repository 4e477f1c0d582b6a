"""How rows are dealt: which rows make a batch, and which classes are in it."""

from collections import Counter
from collections.abc import Sequence

from course.drawings.strips import Strip, strips
from course.drawings.svg import Told
from course.lessons.lesson.figure import Figure, Maker, Shown
from course.lessons.pipeline.tables import table
from course.lessons.pipeline.wording import count
from course.replays import replay
from trainer.pages import shown

DRAWN = 10
"""Batches of an epoch that are drawn."""
NOTED = 4
"""Up to so many classes have their counts beside the bar."""
LISTED = 6
"""Rows of a batch that the table lists."""

ORDERS = {"dealt": "as dealt", "file": "as they stand in the data set", "sorted": "sorted by class"}

SHADES = ("s1", "s1-mid", "s1-soft")
"""Neighbours in a bar differ in strength; the numbers stand beside it."""


def deal_order(given: Shown) -> Figure | None:
    """Where the rows of each batch of an epoch stand in the data set."""
    epochs = len(given.trace.document["epochs"])
    if not epochs:
        return None
    control = given.number("epoch", "Epoch", (1, epochs), 1)
    dealt, first = (replay("dealing", given.trace, epoch) for epoch in (control.number, 1))
    if dealt is None or first is None or not dealt["batches"]:
        return None
    rows, batches = len(dealt["labels"]), dealt["batches"]
    drawn = [
        Strip(f"{number}", f"{len(batch):,}", strokes=[(row + 0.5) / rows for row in batch])
        for number, batch in enumerate(batches[:DRAWN], 1)
    ]
    says = _shared(first["batches"][0], batches[0], control.number)
    told = Told(f"The batches of epoch {control.number}", says)
    heads = ("batch", f"row 0 to row {rows - 1:,}", "rows")
    return Figure(
        title=f"Epoch {control.number}: where the rows of each batch stand in the data set",
        says=f"A stroke for each row dealt. {says}{_left_out(len(batches))}",
        drawing=strips(told, heads, drawn),
        table=_rows_of(batches),
        controls=(control,),
    )


def _shared(first: Sequence[int], now: Sequence[int], epoch: int) -> str:
    """What the first batches of two epochs have in common, counted."""
    begins = ", ".join(f"{row}" for row in now[:3])
    said = f"Batch 1 of epoch {epoch} begins with row{'s' * (len(now) > 1)} {begins}."
    if epoch == 1:
        return said
    both = len({*first} & {*now})
    return f"{said} It shares {both} of its {count(len(now), 'row')} with batch 1 of epoch 1."


def _left_out(batches: int) -> str:
    return f" Drawn: the first {DRAWN} of {batches:,} batches." if batches > DRAWN else ""


def _rows_of(batches: Sequence[Sequence[int]]) -> dict[str, object]:
    columns = [{"text": "Batch", "kind": "n"}, {"text": "Its first rows, as dealt", "kind": "code"}]
    rows = []
    for number, batch in enumerate(batches[:DRAWN], 1):
        more = ", ..." if len(batch) > LISTED else ""
        rows.append([str(number), ", ".join(map(str, batch[:LISTED])) + more])
    return table("The rows of each batch", columns, rows)


def batch_classes(given: Shown) -> Figure | None:
    """The classes in each batch of the first epoch, dealt or in two orders that it did not have."""
    dealt = replay("dealing", given.trace, 1)
    if dealt is None or not dealt["batches"] or not dealt["batches"][0]:
        return None
    control = given.one_of("order", "Order of the rows", ORDERS)
    labels = dealt["labels"]
    batches = _in_order(labels, dealt["batches"], control.value)
    classes = given.trace.document["data"]["classes"]
    counts = [Counter(labels[row] for row in batch) for batch in batches]
    drawn = [
        Strip(f"{number}", _counts(found, classes), segments=_shares(found, classes))
        for number, found in enumerate(counts[:DRAWN], 1)
    ]
    says = _spread(counts, control.value)
    told = Told("The classes in each batch of epoch 1", says)
    return Figure(
        title=f"The classes in each batch, rows {ORDERS[control.value]}",
        says=says + _left_out(len(batches)),
        drawing=strips(told, ("batch", f"class 0 to class {classes - 1}", "rows"), drawn),
        table=_class_table(counts, classes),
        controls=(control,),
    )


def _in_order(labels: list[int], dealt: list[list[int]], order: str) -> list[list[int]]:
    """The same number of rows per batch, taken from another order of all rows."""
    if order == "dealt":
        return dealt
    rows = list(range(len(labels)))
    if order == "sorted":
        rows.sort(key=lambda row: labels[row])
    size = len(dealt[0])
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _shares(found: Counter[int], classes: int) -> list[tuple[float, str]]:
    whole = found.total()
    return [(found[each] / whole, SHADES[each % len(SHADES)]) for each in range(classes)]


def _counts(found: Counter[int], classes: int) -> str:
    if classes > NOTED:
        return ""
    return " · ".join(str(found[each]) for each in range(classes))


def _spread(counts: list[Counter[int]], order: str) -> str:
    """How unequal the batches are: the share of class 0 in them."""
    shares = [found[0] / found.total() for found in counts]
    single = sum(len(+found) == 1 for found in counts)
    said = f"The share of class 0 goes from {shown(min(shares))} to {shown(max(shares))}."
    if order == "sorted":
        said += f" {single:,} of {count(len(counts), 'batch', 'batches')} hold one class alone."
    if order != "dealt":
        said += " Counted from this run's labels; it did not deal them like this."
    return said


def _class_table(counts: list[Counter[int]], classes: int) -> dict[str, object]:
    columns = [{"text": "Batch", "kind": "n"}]
    columns += [{"text": f"class {each}", "kind": "n"} for each in range(classes)]
    rows = [
        [str(number), *(str(found[each]) for each in range(classes))]
        for number, found in enumerate(counts[:DRAWN], 1)
    ]
    return table("Rows of each class in a batch", columns, rows)


FIGURES: dict[str, Maker] = {"deal-order": deal_order, "batch-classes": batch_classes}
