"""People, real runs, small questions, and a clock that tests may set."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.course.quiz.conftest import alice, ask, bob, calm, published

__all__ = ["alice", "ask", "bob", "calm", "published"]

MONDAY = datetime(2026, 3, 23, 9, 30, tzinfo=UTC)
"""In the week in which clocks are put forward, to show that it makes no difference."""


class Clock:
    """The time, for everything that asks Django for it."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def go(self, **by: float) -> datetime:
        """Let time pass, or go back: `go(days=1)`."""
        self.now += timedelta(**by)
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("django.utils.timezone.now", made)
    return made
