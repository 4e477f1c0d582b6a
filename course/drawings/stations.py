"""The stations of the pipeline drawings and the arrows between them, for one run.

Says what stands where in the order of the loop; the two layouts say at which point.
"""

from dataclasses import dataclass

from course.drawings import pictures
from course.drawings.facts import Facts, Weights
from course.drawings.heat import strongest
from course.drawings.numerals import count, decimal
from course.drawings.pictures import Picture

MARKED = "strokes: batch 1"


@dataclass(frozen=True, slots=True)
class Sizes:
    """Room for the pictures of a layout, in pixels; stack: most sheets, and their distance."""

    column: tuple[int, int]
    matrix: tuple[int, int]
    logits: tuple[int, int]
    box: tuple[int, int]
    weights: tuple[int, int]
    stack: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Station:
    """A tensor on the way: its picture, name and shape, further words, parameters' names."""

    picture: Picture
    name: str
    shape: str = ""
    notes: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrow:
    """What happens between two stations. `there`: the program has that line."""

    stage: int
    name: str
    code: str
    note: str
    there: bool

    @property
    def said(self) -> str:
        """The code, or that the program is without it."""
        return self.code if self.there else f"no {self.code.rpartition('.')[2]}"


def arrows(facts: Facts) -> list[Arrow]:
    """The six arrows from data set to weights, and the step that empties the gradients."""
    wanted = (
        (1, "Data loading", "DataLoader", "", "load"),
        (2, "Preprocessing", "scale(x)", "", "scale"),
        (3, "Model input", "model(x)", "", "forward"),
        (4, "Loss", "criterion", f"+ labels {facts.labels}", "loss"),
        (5, "Backpropagation", "loss.backward()", "", "backward"),
        (5, "update", "optimizer.step()", "", "update"),
        (5, "clear", "optimizer.zero_grad()", "", "clear"),
    )
    return [
        Arrow(stage, name, code, note if step in facts.steps else "", step in facts.steps)
        for stage, name, code, note, step in wanted
    ]


def stations(facts: Facts, sizes: Sizes) -> list[Station]:
    """The seven stations from data set to weights."""
    column = pictures.dataset(*facts.rows, *sizes.column)
    stack = pictures.batches(facts, sizes.matrix, sizes.stack)
    return [
        Station(column, "dataset", facts.dataset, (MARKED,)),
        Station(stack, "batches", facts.batches, (_shown(facts),)),
        _scaled(facts, sizes),
        _logits(facts, sizes),
        _loss(facts, sizes),
        _gradients(facts, sizes),
        _weights(facts, sizes),
    ]


def _empty(name: str, sizes: Sizes, why: str) -> Station:
    return Station(pictures.nothing(why, *sizes.box), name)


def _unmade(facts: Facts, step: str) -> str:
    """Why there is no tensor that this step would have made."""
    return "not reached" if step in facts.steps else "not made"


def _scaled(facts: Facts, sizes: Sizes) -> Station:
    name = "scaled batch"
    if facts.scaled is None:
        return _empty(name, sizes, _unmade(facts, "scale"))
    table, shape = facts.scaled
    return Station(pictures.cells(table, 2, *sizes.matrix, shares=True), name, shape)


def _logits(facts: Facts, sizes: Sizes) -> Station:
    if facts.logits is None:
        return _empty("logits", sizes, _unmade(facts, "forward"))
    table, shape = facts.logits
    return Station(pictures.cells(table, 3, *sizes.logits), "logits", shape)


def _loss(facts: Facts, sizes: Sizes) -> Station:
    if facts.loss is None:
        return _empty("loss", sizes, _unmade(facts, "loss"))
    return Station(pictures.loss_box(facts.loss, *sizes.box), "loss", "()")


def _shown(facts: Facts) -> str:
    """How much of batch 1 its cells are."""
    rows, columns = facts.raw.height, facts.raw.width
    if columns < facts.columns:
        return f"batch 1: first {rows} × {columns}"
    if facts.rows_in_batch == 1:
        return "batch 1, its only row"
    return f"batch 1, {'all' if rows == facts.rows_in_batch else 'first'} {count(rows, 'row')}"


def _gradients(facts: Facts, sizes: Sizes) -> Station:
    if facts.gradients is None:
        why = "none at step()" if facts.updated else _unused(facts)
        return _empty("gradients", sizes, "not reached" if facts.moved is None else why)
    notes = (f"{facts.parameters:,}, one per parameter", _full(facts.gradients))
    return Station(pictures.weights(facts.gradients, *sizes.weights), "gradients", notes=notes)


def _unused(facts: Facts) -> str:
    return "not used" if "backward" in facts.steps else "not made"


def _weights(facts: Facts, sizes: Sizes) -> Station:
    if facts.weights is None:
        return _empty("weights", sizes, "not reached" if facts.moved is None else "not drawn")
    name = "updated weights" if facts.moved else "weights, not changed"
    notes = ("0.weight lies down", _columns(facts, facts.weights), _full(facts.weights))
    drawn = pictures.weights(facts.weights, *sizes.weights)
    return Station(drawn, name, notes=notes, parameters=tuple(facts.layout))


def _columns(facts: Facts, weights: Weights) -> str:
    """What a column of the maps is, and how much of them is shown."""
    shown, inputs = weights.inputs.width, weights.inputs.height - 1  # the bias is a row, too
    if inputs < facts.columns:
        return f"shown: {count(inputs, 'input')}, {count(shown, 'unit')}"
    return "one column per unit" + (f", first {shown}" if shown < facts.units else "")


def _full(weights: Weights) -> str:
    """What the strongest colour of a map around zero stands for."""
    return f"full colour: ±{decimal(strongest(weights.numbers()))}"
