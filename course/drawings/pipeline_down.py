"""The tall pipeline drawing, for narrow screens: the same stations from top to bottom."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from course.drawings.facts import Facts
from course.drawings.stations import Arrow, Sizes, Station, arrows, stations
from course.drawings.svg import (
    Told,
    arrow_head,
    drawing,
    line,
    moved,
    path,
    shape_chip,
    stage_chip,
    text,
)

WIDTH, TOP, ARROW, GAP = 286, 16, 72, 4
AXIS, WORDS, RETURN = 52, 104, 276
LINE = 17
GRADIENTS, CLEAR = 5, 68
SIZES = Sizes(
    column=(46, 96), matrix=(42, 72), logits=(24, 72), box=(92, 44), weights=(76, 3), stack=(1, 0)
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A station and the stretch of the column that it takes; `foot` is left free below it."""

    station: Station
    top: float
    height: float
    foot: float

    @property
    def middle(self) -> float:
        """Where its picture and its words have their middle."""
        return self.top + self.height / 2

    @property
    def bottom(self) -> float:
        """Its lower end, foot included."""
        return self.top + self.height + self.foot

    @property
    def edges(self) -> tuple[float, float]:
        """Upper and lower edge of its picture."""
        half = self.station.picture.height / 2
        return self.middle - half, self.middle + half


def draw(facts: Facts, told: Told) -> SafeString:
    """The drawing, 286 px wide and as tall as it must be."""
    *between, clear = arrows(facts)
    placed = _placed(stations(facts, SIZES))
    bottom = round(placed[-1].bottom) + 20
    parts = [_station(each) for each in placed]
    parts += map(_arrow, placed, placed[1:], between)
    parts += [_clear(placed[GRADIENTS].bottom - CLEAR, clear), _next_batch(facts, placed, bottom)]
    return drawing((WIDTH, bottom + 68), told, *parts, class_="pipeline-tall")


def _placed(found: list[Station]) -> list[Placed]:
    placed: list[Placed] = []
    top: float = TOP
    for index, station in enumerate(found):
        height = max(station.picture.height, _words_height(station))
        placed.append(Placed(station, top, height, CLEAR if index == GRADIENTS else 0))
        top = placed[-1].bottom + ARROW
    return placed


def _lines(station: Station) -> list[tuple[str, str]]:
    small = [(note, "t-small") for note in station.notes]
    return small + [(name, "t-code") for name in station.parameters]


def _words_height(station: Station) -> float:
    return 20 + (32 if station.shape else 0) + LINE * len(_lines(station))


def _station(placed: Placed) -> str:
    station = placed.station
    y = placed.middle - _words_height(station) / 2 + 14
    parts = [
        moved(AXIS, placed.middle, station.picture.svg),
        text(WORDS, y, station.name, "t-label"),
    ]
    if station.shape:
        parts.append(shape_chip(WORDS, y + 8, station.shape, centred=False))
        y += 32
    lines = enumerate(_lines(station), 1)
    return "".join(parts) + "".join(text(WORDS, y + LINE * row, *words) for row, words in lines)


def _arrow(above: Placed, below: Placed, arrow: Arrow) -> str:
    top, tip = above.edges[1] + GAP, below.edges[0] - GAP
    shaft = line((AXIS, top), (AXIS, tip), "arrow" if arrow.there else "arrow dotted")
    return shaft + arrow_head(AXIS, tip, "down") + _happens(above.bottom + ARROW / 2 - 4, arrow)


def _happens(middle: float, arrow: Arrow) -> str:
    """A stage's chip on the axis, its name and code beside it."""
    y = middle - 5 if not arrow.note else middle - 13
    words = (
        (arrow.name, f"t-stage s{arrow.stage}"),
        (arrow.said, "t-code"),
        (arrow.note, "t-code"),
    )
    lines = "".join(text(WORDS, y + LINE * row, *each) for row, each in enumerate(words) if each[0])
    return stage_chip(AXIS, middle, arrow.stage) + lines


def _clear(top: float, clear: Arrow) -> str:
    """The step that empties the gradients, under their words."""
    name = text(WORDS + 32, top + 20, clear.name, f"t-stage s{clear.stage}")
    effect = text(WORDS + 72, top + 20, "empties them", "t-small") if clear.there else ""
    chip = stage_chip(WORDS + 12, top + 16, clear.stage)
    return chip + name + effect + text(WORDS, top + 46, clear.said, "t-code")


def _next_batch(facts: Facts, placed: list[Placed], bottom: float) -> str:
    """From the weights down, and up at the right side to the next batch."""
    into, tip = placed[1].middle, 238
    way = f"M{AXIS} {placed[-1].edges[1] + GAP:g}V{bottom}H{RETURN}V{into:g}H{tip}"
    rounds = [
        text(WORDS, bottom + 38 + LINE * row, words, "t-small")
        for row, words in enumerate(facts.round)
    ]
    name = text(WORDS, bottom + 20, "next batch", "t-label")
    return path(way, "arrow") + arrow_head(tip, into, "left") + name + "".join(rounds)
