"""One hidden unit for one row of batch 1, added up term by term."""

from collections.abc import Sequence
from itertools import accumulate

from course.drawings.numerals import decimal, signed
from course.drawings.svg import Told
from course.drawings.waterfall import Step, waterfall
from course.lessons.lesson.figure import Figure, Shown
from course.lessons.pipeline.tables import Table, table
from trainer.engine.names import Names
from trainer.engine.probes.layers import first_pass
from trainer.engine.probes.model_input import Unit, units_of

DRAWN = 12
"""Terms that are drawn one by one; more are the largest, and the others together."""
DIGITS = 3
MOST_DIGITS = 8

Term = tuple[str, float]


def neuron(given: Shown) -> Figure | None:
    """Weight times value for each column, their sum, the bias, and what ReLU lets through."""
    met = first_pass(given.trace)
    if met is None:
        return None
    rows, layers = met
    row = given.number("row", "Row of batch 1", (1, len(rows)), 1)
    unit = given.number("unit", "Hidden unit", (0, len(layers.weight1) - 1), 0)
    values, weights = rows[row.number - 1].flat, layers.weight1[unit.number].flat
    terms = [
        (f"x[{column}]", weight * value)
        for column, (weight, value) in enumerate(zip(weights, values, strict=True))
    ]
    found = units_of(given.trace, row.number - 1)[unit.number]
    says = _says(found)
    title = f"Hidden unit {unit.number} for row {row.number} of batch 1, term by term"
    drawn = _steps(_few(terms), found)
    heads = ("", "0", "adds")
    return Figure(
        title=title,
        says=says,
        drawing=waterfall(Told(title, says), heads, drawn),
        table=_table(weights, values, found, Names.of(given.trace.document)),
        controls=(row, unit),
    )


def _few(terms: Sequence[Term]) -> list[Term]:
    """In their order, those that matter most; the others as one."""
    if len(terms) <= DRAWN:
        return list(terms)
    kept = {name for name, _ in sorted(terms, key=lambda term: -abs(term[1]))[: DRAWN - 1]}
    rest = sum(value for name, value in terms if name not in kept)
    return [*(term for term in terms if term[0] in kept), ("rest", rest)]


def _steps(terms: Sequence[Term], unit: Unit) -> list[Step]:
    added = [*terms, ("bias", unit.bias)]
    ends = list(accumulate(value for _, value in added))
    steps = [
        Step(name, end - value, end, signed(value), "ink-3" if name == "bias" else "s3")
        for (name, value), end in zip(added, ends, strict=True)
    ]
    whole = Step("sum", 0.0, unit.sum, signed(unit.sum), "ink-2")
    return [*steps, whole, Step("ReLU", 0.0, unit.value, decimal(unit.value), "ink")]


def _says(unit: Unit) -> str:
    """The addition with as many digits as it takes to come out as printed."""
    digits = next(
        each
        for each in range(DIGITS, MOST_DIGITS + 1)
        if each == MOST_DIGITS or _adds_up(unit, each)
    )
    products, bias, total = (
        decimal(value, digits) for value in (unit.products, unit.bias, unit.sum)
    )
    said = f"The products add up to {products}. With the bias {bias} that makes {total}."
    if unit.sum > 0:
        return f"{said} It is above 0, so ReLU hands it on as it is."
    return f"{said} It is not above 0, so ReLU hands on 0."


def _adds_up(unit: Unit, digits: int) -> bool:
    parts = round(unit.products, digits) + round(unit.bias, digits)
    return round(parts, digits) == round(unit.sum, digits)


def _table(weights: Sequence[float], values: Sequence[float], unit: Unit, names: Names) -> Table:
    columns = [{"text": "Column", "kind": "code"}]
    columns += [{"text": each, "kind": "n"} for each in ("Weight", "Value", "Weight × value")]
    rows = [
        [names.column(column), decimal(weight, 5), decimal(value, 5), decimal(weight * value, 5)]
        for column, (weight, value) in enumerate(zip(weights, values, strict=True))
    ]
    rows += [
        ["all products", "", "", decimal(unit.products, 5)],
        ["bias", "", "", decimal(unit.bias, 5)],
        ["sum", "", "", decimal(unit.sum, 5)],
        ["after ReLU", "", "", decimal(unit.value, 5)],
    ]
    made = table(f"What goes into hidden unit {unit.index}", columns, rows)
    return made | {"note": "Each number is rounded by itself."}
