"""The little pictures that both pipeline drawings place: tensors of step 1 as cells.

Each is drawn around the point (0, 0) and knows how large it is.
"""

from dataclasses import dataclass

from course.drawings.facts import Facts, Weights
from course.drawings.heat import (
    Cell,
    Place,
    Table,
    diverging,
    extent,
    sequential,
    strongest,
)
from course.drawings.numerals import decimal
from course.drawings.svg import path, rect, text


@dataclass(frozen=True, slots=True)
class Picture:
    """SVG text around (0, 0), and how far it reaches to either side."""

    svg: str
    left: float
    right: float
    height: float

    @classmethod
    def centred(cls, svg: str, width: float, height: float) -> "Picture":
        """Around the middle of its width."""
        return cls(svg, width / 2, width / 2, height)


def dataset(rows: int, dealt: list[int], width: float, height: float) -> Picture:
    """The whole data set as a column, with a stroke where each row of batch 1 lies in it."""
    left, top, pitch = -width / 2, -height / 2, height / rows
    stroke = max(pitch, min(1.0, 3 * pitch))
    marks = "".join(
        f"M{left:g} {top + start:.2f}h{width:g}v{end - start:.2f}h-{width:g}z"
        for start, end in _merged([(row * pitch, row * pitch + stroke) for row in sorted(dealt)])
    )
    ground, frame = (
        rect(left, top, width, height, "card"),
        rect(left, top, width, height, "s1-line"),
    )
    return Picture.centred(ground + path(marks, "s1") + frame, width, height)


def _merged(stretches: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Stretches that touch as one; given from the first start on."""
    merged: list[tuple[float, float]] = []
    for start, end in stretches:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def batches(facts: Facts, room: tuple[int, int], stack: tuple[int, int]) -> Picture:
    """The first rows of batch 1, with the epoch's other batches as empty sheets behind."""
    front, (most, step) = cells(facts.raw, 1, *room), stack
    back = min(facts.sheets, most) - 1
    left, top, wide = -front.left, -front.height / 2, 2 * front.left
    sheets = [
        rect(left + i * step, top - i * step, wide, front.height, cls)
        for i in range(back, 0, -1)
        for cls in ("card", "s1-line")
    ]
    return Picture("".join(sheets) + front.svg, front.left, front.right + back * step, front.height)


def cells(table: Table, stage: int, width: int, height: int, *, shares: bool = False) -> Picture:
    """A matrix in its stage's hue. `shares`: it is about 0 to 1 already."""
    cell = (_fit(width, table.width, 14), _fit(height, table.height, 12))
    ends = (0.0, 1.0) if shares else extent(table.numbers())
    wide, high = cell[0] * table.width, cell[1] * table.height
    at = (-wide / 2, -high / 2)
    drawn = sequential(table, at, cell, f"h{stage}", ends)
    ground, frame = rect(*at, wide, high, "card"), rect(*at, wide, high, f"s{stage}-line")
    return Picture.centred(ground + drawn + frame, wide, high)


def weights(values: Weights, width: int, cell_height: int) -> Picture:
    """Parameters or their gradients: one column per hidden unit, inputs above, outputs below."""
    limit, gap = strongest(values.numbers()), 4.0
    cell = (_fit(width, values.inputs.width, 12), cell_height)
    upper, lower = values.inputs.height * cell[1], values.outputs.height * cell[1]
    wide, high = cell[0] * values.inputs.width, upper + gap + lower
    top, bottom = (-wide / 2, -high / 2), (-wide / 2, -high / 2 + upper + gap)
    aside = (wide / 2 + gap, bottom[1])
    maps = (
        _framed(values.inputs, top, cell, limit),
        _framed(values.outputs, bottom, cell, limit),
        _framed(values.biases, aside, (8, cell[1]), limit),
    )
    return Picture("".join(maps), wide / 2, wide / 2 + gap + 8, high)


def _framed(table: Table, at: Place, cell: Cell, limit: float) -> str:
    frame = rect(*at, table.width * cell[0], table.height * cell[1], "s5-line")
    return diverging(table, at, cell, limit) + frame


def loss_box(loss: float, width: float, height: float) -> Picture:
    """The loss of the batch, one number."""
    box = rect(-width / 2, -height / 2, width, height, "s4-tint", rx=4)
    frame = rect(-width / 2, -height / 2, width, height, "s4-line", rx=4, stroke_width=1.5)
    return Picture.centred(box + frame + text(0, 6.5, decimal(loss), "t-big mid"), width, height)


def nothing(why: str, width: float, height: float) -> Picture:
    """An empty dashed box where a tensor would be, and why it is not there."""
    box = rect(-width / 2, -height / 2, width, height, "box", rx=4, stroke_dasharray="4 3")
    return Picture.centred(box + text(0, 4.5, why, "t-small mid"), width, height)


def _fit(room: int, parts: int, most: int) -> int:
    """Pixels per cell, whole ones."""
    return max(1, min(most, room // parts))
