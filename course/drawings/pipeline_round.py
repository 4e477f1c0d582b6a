"""The wide pipeline drawing: the way forward from left to right, the way back below it.

Things stand at a share of the width and are drawn in pixels around that point, so the arrows
grow with the frame and no text is ever scaled.
"""

from django.utils.safestring import SafeString

from course.drawings.facts import Facts
from course.drawings.fluid import at, over
from course.drawings.stations import Arrow, Sizes, Station, arrows, stations
from course.drawings.svg import (
    Told,
    arrow_head,
    drawing,
    line,
    moved,
    shape_chip,
    stage_chip,
    text,
)

HEIGHT = 504
AXIS, LABELS, BACK = 124, 222, 370
FORWARD = (6.8, 29.2, 51.4, 72.4, 93.0)
GRADIENTS, WEIGHTS, TURN = 68.6, 37.5, 21.9
MODEL = (FORWARD[2] + FORWARD[3]) / 2
GAP = 12
SIZES = Sizes(
    column=(56, 150),
    matrix=(56, 96),
    logits=(26, 96),
    box=(92, 60),
    weights=(140, 4),
    stack=(10, 5),
)


def draw(facts: Facts, told: Told) -> SafeString:
    """The drawing, as wide as its frame."""
    found, between = stations(facts, SIZES), arrows(facts)
    parts = [
        *(_standing(place, station) for place, station in zip(FORWARD, found, strict=False)),
        *(_forward(index, found, between[index]) for index in range(4)),
        *_backward(found, between),
        _clear(between[6], found[5]),
        _model_line(found),
        *_next_batch(facts, found),
    ]
    return drawing(("100%", HEIGHT), told, *parts, class_="pipeline-wide")


def _standing(place: float, station: Station) -> str:
    chip = shape_chip(0, LABELS + 12, station.shape) if station.shape else ""
    notes = "".join(text(0, LABELS + 54, note, "t-small mid") for note in station.notes)
    name = text(0, LABELS, station.name, "t-label mid")
    return at(place, moved(0, AXIS, station.picture.svg), name, chip, notes)


def _forward(index: int, found: list[Station], arrow: Arrow) -> str:
    pads = (found[index].picture.right + GAP, found[index + 1].picture.left + GAP)
    return _arrow((FORWARD[index], FORWARD[index + 1]), pads, AXIS, arrow)


def _arrow(ends: tuple[float, float], pads: tuple[float, float], y: float, arrow: Arrow) -> str:
    """From the left end to the right one, or back where the first end is the greater."""
    back = ends[0] > ends[1]
    left, right = (pads[1], pads[0]) if back else pads
    shaft = moved(-right, 0, line((left + right, y), ("100%", y), _shaft_class(arrow)))
    head = moved(left, y, arrow_head(0, 0, "left")) if back else at(100, arrow_head(-right, y))
    words = at(50, moved((left - right) / 2, y, _arrow_words(arrow)))
    return over((min(ends), max(ends)), shaft, head, words)


def _shaft_class(arrow: Arrow) -> str:
    return "arrow" if arrow.there else "arrow dotted"


def _arrow_words(arrow: Arrow) -> str:
    return (
        stage_chip(0, 0, arrow.stage)
        + text(0, -24, arrow.name, f"t-stage s{arrow.stage} mid")
        + text(0, 32, arrow.said, "t-code mid")
        + (text(0, 52, arrow.note, "t-code mid") if arrow.note else "")
    )


def _backward(found: list[Station], between: list[Arrow]) -> list[str]:
    gradients, weights = found[5].picture, found[6].picture
    return [
        at(FORWARD[4], line((0, LABELS + 48), (0, BACK), "arrow")),
        _lying(GRADIENTS, found[5]),
        _lying(WEIGHTS, found[6]),
        _arrow((FORWARD[4], GRADIENTS), (0, gradients.right + GAP), BACK, between[4]),
        _arrow((GRADIENTS, WEIGHTS), (gradients.left + GAP, weights.right + GAP), BACK, between[5]),
    ]


def _lying(place: float, station: Station) -> str:
    """A picture of the way back, with its words below."""
    below = BACK + station.picture.height / 2 + 22
    lines = [(words, class_) for words, class_ in _words(station) if words]
    return at(
        place,
        moved(0, BACK, station.picture.svg),
        text(0, below, station.name, "t-label mid"),
        *(text(0, below + 18 * row, *words) for row, words in enumerate(lines, 1)),
    )


def _words(station: Station) -> list[tuple[str, str]]:
    """Notes, each on a line; beside named parameters, two to a line, they share one."""
    small, code, names = "t-small mid", "t-code mid", station.parameters
    if not names:
        return [(note, small) for note in station.notes]
    return [
        (", ".join(station.notes), small),
        (", ".join(names[:2]), code),
        (", ".join(names[2:]), code),
    ]


def _clear(clear: Arrow, gradients: Station) -> str:
    """The step that empties the gradients, above them."""
    top = BACK - gradients.picture.height / 2 - 6
    words = text(20, top - 22, clear.name, "t-stage s5") + text(60, top - 22, clear.said, "t-code")
    head = arrow_head(0, top, "down") if clear.there else ""
    return at(GRADIENTS, stage_chip(0, top - 26, 5), head, words)


def _model_line(found: list[Station]) -> str:
    """From the weights up to the model: the next batch meets them."""
    top, level = AXIS + 46, LABELS + 56
    aside = (found[2].picture.right - found[3].picture.left) / 2  # the chip is amid the arrow
    start = BACK - found[6].picture.height / 2 - 6
    across = moved(aside, 0, line((-aside, level), ("100%", level), "arrow dotted"))
    up = line((aside, level), (aside, top), "arrow dotted") + arrow_head(aside, top - 4, "up")
    return (
        at(WEIGHTS, line((0, start), (0, level), "arrow dotted"))
        + over((WEIGHTS, MODEL), across)
        + at(MODEL, up)
    )


def _next_batch(facts: Facts, found: list[Station]) -> list[str]:
    """From the weights to the next batch, with how often the loop goes round."""
    left, level = found[6].picture.left + GAP, AXIS + 72
    tip = AXIS + found[1].picture.height / 2 + 6
    words = (
        text(-14, BACK - 12, "next batch", "t-label end")
        + text(-14, BACK + 8, facts.round[0], "t-small end")
        + text(-14, BACK + 26, facts.round[1], "t-small end")
    )
    return [
        over((TURN, WEIGHTS), moved(-left, 0, line((left, BACK), ("100%", BACK), "arrow"))),
        at(TURN, line((0, BACK), (0, level), "arrow"), words),
        over((TURN, FORWARD[1]), line((0, level), ("100%", level), "arrow")),
        at(FORWARD[1], line((0, level), (0, tip), "arrow"), arrow_head(0, tip, "up")),
    ]
