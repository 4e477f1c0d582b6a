"""Dates: better is never sooner, a clock that jumps loses none, and the log alone decides."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from fsrs import Card, Rating
from hypothesis import given
from hypothesis import strategies as st

from course.recall import schedule
from course.recall.schedule import begun, elapsed, kept, rating_of, read, replayed, reviewed

START = datetime(2026, 3, 23, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)

ratings = st.sampled_from(list(Rating))
gaps = st.integers(0, 500 * 24).map(lambda hours: timedelta(hours=hours))
histories = st.lists(st.tuples(ratings, gaps), min_size=1, max_size=12)


def dated(history: list[tuple[Rating, timedelta]]) -> list[tuple[Rating, datetime]]:
    """Reviews with the moments at which they were made, one after the other."""
    log, at = [], START
    for rating, gap in history:
        at += gap
        log.append((rating, at))
    return log


@pytest.mark.parametrize(
    ("correct", "score", "rating"),
    [(True, 1.0, Rating.Good), (False, 0.5, Rating.Hard), (False, 0.0, Rating.Again)],
)
def test_an_answer_is_rated_by_its_worth(correct: bool, score: float, rating: Rating) -> None:
    assert rating_of(correct=correct, score=score) == rating


def test_the_first_answer_comes_back_after_a_day_or_two() -> None:
    days = [(begun(1, rating, START).due - START).days for rating in list(Rating)[:3]]
    assert days == [1, 1, 2]


@given(histories, gaps, st.sets(ratings, min_size=2, max_size=2))
def test_a_better_answer_is_never_due_sooner(
    history: list[tuple[Rating, timedelta]], gap: timedelta, pair: set[Rating]
) -> None:
    log = dated(history)
    card, at = replayed(1, log), log[-1][1] + gap
    worse, better = (reviewed(card, rating, at) for rating in sorted(pair))
    assert worse.due <= better.due
    assert begun(1, min(pair), at).due <= begun(1, max(pair), at).due


@given(histories)
def test_what_was_right_each_time_comes_back_ever_later(
    history: list[tuple[Rating, timedelta]],
) -> None:
    card = replayed(1, dated(history))
    for _ in range(6):
        assert card.last_review
        before = card.due - card.last_review
        card = reviewed(card, Rating.Good, card.due)
        assert card.last_review
        assert card.due - card.last_review >= before


@given(histories)
def test_every_date_is_whole_days_after_the_review(
    history: list[tuple[Rating, timedelta]],
) -> None:
    log = dated(history)
    card = replayed(1, log)
    assert card.last_review == log[-1][1]
    assert (card.due - log[-1][1]) % DAY == timedelta(0)
    assert card.due >= log[-1][1] + DAY


@given(histories, ratings, st.integers(-36, 36).map(lambda hours: timedelta(hours=hours)))
def test_a_clock_that_jumps_neither_loses_a_date_nor_makes_it_negative(
    history: list[tuple[Rating, timedelta]], rating: Rating, jump: timedelta
) -> None:
    log = dated(history)
    card, wrong = replayed(1, log), log[-1][1] + jump
    after = reviewed(card, rating, wrong)
    assert elapsed(card, wrong) >= timedelta(0)
    assert after.last_review
    assert card.last_review
    assert after.last_review >= card.last_review
    assert after.due >= after.last_review + DAY
    assert after.due >= wrong
    # Once the clock is right again, all goes on from there.
    later = reviewed(after, Rating.Good, max(after.due, log[-1][1]))
    assert later.due > after.due


@given(histories)
def test_a_card_is_what_its_log_makes_of_it(history: list[tuple[Rating, timedelta]]) -> None:
    log = dated(history)
    card = begun(1, *log[0])
    for rating, at in log[1:]:
        card = read(json.loads(json.dumps(kept(card), allow_nan=False)))
        card = reviewed(card, rating, at)
    assert kept(card) == kept(replayed(1, log))


@given(histories, st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours))))
def test_the_zone_of_a_moment_makes_no_difference(
    history: list[tuple[Rating, timedelta]], zone: timezone
) -> None:
    log = dated(history)
    elsewhere = [(rating, at.astimezone(zone)) for rating, at in log]
    assert kept(replayed(1, elsewhere)) == kept(replayed(1, log))


def test_a_review_leaves_the_card_before_it_as_it_was() -> None:
    card = begun(1, Rating.Good, START)
    before = kept(card)
    reviewed(card, Rating.Again, START + 3 * DAY)
    assert kept(card) == before


def test_no_chance_is_in_it() -> None:
    assert not schedule.SCHEDULER.enable_fuzzing
    assert isinstance(begun(7, Rating.Good, START), Card)
    assert kept(begun(7, Rating.Good, START)) == kept(begun(7, Rating.Good, START))
