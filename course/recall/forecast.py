"""How many questions come on each of the next days, as a chart. Days are those of UTC."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from course.drawings.plot import Axis, Marks, plot
from course.drawings.svg import Told
from trainer.figures import dress
from trainer.figures.ticks import nice_step

DAYS = 14
MOST_TICKS = 4
UNIT = "days from today"


def forecast(dues: Sequence[datetime], now: datetime) -> list[int]:
    """How many come on each of the next 14 days, today first. What is overdue comes today."""
    today = now.date()
    days = Counter(max(0, (due.date() - today).days) for due in dues)
    return [days[day] for day in range(DAYS)]


def chart(counts: Sequence[int], later: int, now: datetime) -> dict[str, Any] | None:
    """Bars, and the same as a drawing, a sentence and a table. None where no day has any."""
    if not any(counts):
        return None
    days = [now.date() + timedelta(days=day) for day in range(len(counts))]
    says = _says(counts, later, days)
    return {
        "title": "Questions that come back, by day",
        "figure": _figure(counts),
        "svg": _drawing(counts, says),
        "says": says,
        "table": _table(counts, days),
    }


def _says(counts: Sequence[int], later: int, days: Sequence[date]) -> str:
    total, most = sum(counts), max(counts)
    came = "1 question comes" if total == 1 else f"{total} questions come"
    said = f"{came} back within {len(counts)} days, today included"
    if most > 1:
        said += f"; at most {most} on one day"
    if counts.count(most) == 1:
        said += f", {written(days[counts.index(most)])}"
    return f"{said}; {later} later." if later else f"{said}."


def written(day: date) -> str:
    """A date as pages write it."""
    return f"{day.day} {day:%b %Y}"


def _figure(counts: Sequence[int]) -> dict[str, Any]:
    top, step = _top(counts), nice_step(max(counts), MOST_TICKS)
    layout = dress.layout(UNIT, (-0.6, len(counts) - 0.4), (0, top))
    layout["xaxis"] |= {"tick0": 0}
    layout["yaxis"] |= {"dtick": step, "tickformat": ",d"}
    layout["margin"] |= {"r": 8}
    bars = {
        "type": "bar",
        "x": list(range(len(counts))),
        "y": list(counts),
        "marker": {"color": "var(--ink)"},
        "hovertemplate": "%{y}<extra></extra>",
    }
    return dress.figure([bars], layout)


def _drawing(counts: Sequence[int], says: str) -> str:
    return plot(
        Told("Questions that come back, by day", says),
        Axis(UNIT, -0.5, len(counts) - 0.5, whole=True),
        Axis("questions", 0, _top(counts), whole=True),
        [Marks([(float(day), float(count)) for day, count in enumerate(counts)], "ink-2", "bars")],
    )


def _top(counts: Sequence[int]) -> float:
    return max(counts) * 1.08


def _table(counts: Sequence[int], days: Sequence[date]) -> dict[str, Any]:
    return {
        "label": "Questions that come back, by day",
        "narrow": True,
        "columns": [{"text": "Day (UTC)", "kind": ""}, {"text": "Questions", "kind": "n"}],
        "rows": [_row(written(day), str(count)) for day, count in zip(days, counts, strict=True)],
    }


def _row(day: str, count: str) -> dict[str, Any]:
    return {"cells": [{"text": day, "kind": "", "head": True}, {"text": count, "kind": "n"}]}
