"""Answers as progress counts with them, made without a database."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from course.progress.given import Given
from course.quiz.models import Confidence, Mode, Place

MONDAY = datetime(2026, 3, 23, 9, 30, tzinfo=UTC)


def row(pk: int = 1, *, hours: float = 0.0, **changes: Any) -> Given:
    """An answer that is right, at a first try in a lesson; `hours` after Monday morning."""
    fields: dict[str, Any] = {
        "pk": pk, "question": 1, "version": 1, "variant": "", "mode": "learn", "attempt": 1,
        "correct": True, "max_score": 1.0, "confidence": "", "matched": "",
        "created": MONDAY + timedelta(hours=hours), "stage": "loss", "objective": "4.1",
        "place": "quiz",
    }  # fmt: skip
    fields |= changes
    return Given(**{"score": float(fields["correct"]) * fields["max_score"]} | fields)


@st.composite
def rows(draw: st.DrawFn) -> list[Given]:
    """Answers as somebody may give them: the clock need not go forward, but keys do."""
    count = draw(st.integers(0, 20))
    return [_row(draw, pk) for pk in range(1, count + 1)]


def _row(draw: st.DrawFn, pk: int) -> Given:
    most = draw(st.sampled_from([1.0, 2.0, 5.0]))
    share = draw(st.sampled_from([0.0, 0.0, 0.5, 1.0, 1.0]))
    return row(
        pk,
        hours=draw(st.integers(-30, 60)),
        question=draw(st.integers(1, 4)),
        mode=draw(st.sampled_from(Mode.values)),
        attempt=draw(st.integers(1, 3)),
        correct=share == 1,
        score=share * most,
        max_score=most,
        confidence=draw(st.sampled_from(["", *Confidence.values])),
        objective=draw(st.sampled_from(["", "4.1", "4.2"])),
        place=draw(st.sampled_from(Place.values)),
    )
