"""One hidden unit for one row of batch 1, added up term by term."""

from course.drawings import sums
from course.drawings.svg import Told
from course.lessons.lesson.figure import Figure, Shown
from course.lessons.pipeline.tables import Table, table
from trainer.engine.names import Names
from trainer.engine.probes.layers import first_pass
from trainer.engine.probes.model_input import units_of


def neuron(given: Shown) -> Figure | None:
    """Weight times value for each column, their sum, the bias, and what ReLU lets through."""
    met = first_pass(given.trace)
    if met is None:
        return None
    rows, layers = met
    row = given.number("row", "Row of batch 1", (1, len(rows)), 1)
    unit = given.number("unit", "Hidden unit", (0, len(layers.weight1) - 1), 0)
    values, weights = rows[row.number - 1].flat, layers.weight1[unit.number].flat
    found = units_of(given.trace, row.number - 1)[unit.number]
    names = [f"x[{column}]" for column in range(len(values))]
    shown = sums.Sum(names, weights, values, found.bias, found.sum, found.value)
    says = sums.says(shown)
    title = f"Hidden unit {unit.number} for row {row.number} of batch 1, term by term"
    return Figure(
        title=title,
        says=says,
        drawing=sums.drawn(Told(title, says), shown),
        table=_table(shown, unit.number, Names.of(given.trace.document)),
        controls=(row, unit),
    )


def _table(shown: sums.Sum, unit: int, names: Names) -> Table:
    columns = [{"text": "Column", "kind": "code"}]
    columns += [{"text": each, "kind": "n"} for each in sums.HEADS]
    rows = sums.rows(shown)
    for column in range(len(shown.names)):
        rows[column][0] = names.column(column)
    made = table(f"What goes into hidden unit {unit}", columns, rows)
    return made | {"note": "Each number is rounded by itself."}
