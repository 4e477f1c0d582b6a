"""Beliefs over time: shown, overcome, shown again, by the rule and by nothing else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.progress.beliefs import Said, timelines
from course.progress.given import Given
from tests.course.progress.rows import row, rows

BELIEF, OTHER = "backward-updates", "zero-between"


def wrong(pk: int, *beliefs: str, **fields: Any) -> Said:
    shows = frozenset(beliefs or (BELIEF,))
    return Said(row(pk, correct=False, **fields), shows, shows)


def right(pk: int, *beliefs: str, **fields: Any) -> Said:
    return Said(row(pk, **fields), frozenset(), frozenset(beliefs or (BELIEF,)))


def told(*answers: Said, belief: str = BELIEF) -> list[tuple[int, bool]]:
    """Its moments: the answer, and whether it was overcome there."""
    found = timelines(answers)
    return [(each.given.pk, each.overcome) for each in found[belief].moments]


def test_what_no_answer_showed_is_not_in_there() -> None:
    assert timelines([]) == {}
    assert timelines([right(1), right(2, hours=50)]) == {}


def test_an_answer_may_show_several() -> None:
    found = timelines([wrong(1, BELIEF, OTHER)])
    assert set(found) == {BELIEF, OTHER}
    assert not any(each.is_overcome for each in found.values())


@pytest.mark.parametrize(
    ("later", "overcome"),
    [
        ({"hours": 1}, False),  # the same question, in the lesson, on the same day
        ({"hours": 1, "question": 2}, True),
        ({"hours": 1, "mode": "recall"}, True),
        ({"hours": 24}, True),
        ({"hours": 14.6}, True),  # past midnight in UTC
        ({"hours": 24, "attempt": 2}, False),
        ({"hours": 24, "correct": False}, False),
    ],
)
def test_what_overcomes_it(later: dict[str, Any], overcome: bool) -> None:
    found = timelines([wrong(1), right(2, **later)])[BELIEF]
    assert found.is_overcome == overcome


def test_a_question_that_does_not_offer_it_overcomes_nothing() -> None:
    assert told(wrong(1), right(2, OTHER, hours=50)) == [(1, False)]


def test_an_occasion_that_showed_it_does_not_overcome_it_either() -> None:
    """Shown on two questions on one day: right on the first one again is no other occasion."""
    shown = wrong(1), wrong(2, question=2)
    assert told(*shown, right(3, question=1, hours=2)) == [(1, False), (2, False)]
    assert told(*shown, right(3, question=3, hours=2)) == [(1, False), (2, False), (3, True)]


def test_shown_again_it_is_shown() -> None:
    answers = [wrong(1), right(2, hours=24), wrong(3, hours=48), right(4, hours=72)]
    assert told(*answers[:3]) == [(1, False), (2, True), (3, False)]
    assert not timelines(answers[:3])[BELIEF].is_overcome
    assert timelines(answers)[BELIEF].is_overcome
    assert timelines(answers)[BELIEF].times_shown == 2


def test_it_is_overcome_once_however_often_one_is_right() -> None:
    answers = wrong(1), right(2, hours=24), right(3, hours=48)
    assert told(*answers) == [(1, False), (2, True)]


def test_order_comes_from_the_keys_and_not_from_a_clock() -> None:
    assert told(wrong(1, hours=50), right(2, hours=0)) == [(1, False), (2, True)]


@st.composite
def answers(draw: st.DrawFn) -> list[Said]:
    some = st.frozensets(st.sampled_from([BELIEF, OTHER, "detach-harmless"]))
    return [_said(draw, each, some) for each in draw(rows())]


def _said(draw: st.DrawFn, given_: Given, some: st.SearchStrategy[frozenset[str]]) -> Said:
    offers = draw(some)
    shows = draw(some) & offers if not given_.correct else frozenset[str]()
    return Said(given_, shows, offers)


@given(answered=answers())
def test_a_timeline_is_of_answers_that_bear_it_out(answered: list[Said]) -> None:
    by_key = {each.given.pk: each for each in answered}
    for belief, timeline in timelines(answered).items():
        keys = [moment.given.pk for moment in timeline.moments]
        assert keys == sorted(set(keys))
        assert not timeline.moments[0].overcome
        shown_on = set()
        for moment in timeline.moments:
            said = by_key[moment.given.pk]
            if moment.overcome:
                assert said.given.correct
                assert said.given.is_first
                assert belief in said.offers
                assert said.occasion not in shown_on
            else:
                assert belief in said.shows
                shown_on.add(said.occasion)
        assert timeline.times_shown == sum(belief in each.shows for each in answered)


@given(answered=answers(), data=st.data())
def test_what_comes_later_changes_no_moment(answered: list[Said], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(answered)))
    before, after = timelines(answered[:cut]), timelines(answered)
    for belief, timeline in before.items():
        assert after[belief].moments[: len(timeline.moments)] == timeline.moments


@given(answered=answers())
def test_each_belief_follows_from_its_own_answers(answered: list[Said]) -> None:
    alone = [each for each in answered if BELIEF in each.shows | each.offers]
    one, other = timelines(answered).get(BELIEF), timelines(alone).get(BELIEF)
    assert (one.moments if one else None) == (other.moments if other else None)
