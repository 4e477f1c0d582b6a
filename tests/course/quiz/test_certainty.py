"""What an answer is worth, given how sure somebody said to be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.quiz.certainty import RIGHT, WRONG, mark
from course.quiz.models import Confidence

degrees = st.sampled_from(Confidence.values)
shares = st.floats(0, 1)


@pytest.mark.parametrize(
    ("confidence", "right", "half", "wrong"),
    [("guess", 1, 0.5, 0), ("fairly", 2, 1, -2), ("sure", 3, 1.5, -6)],
)
def test_it_is_worth_what_moodle_gives_it(
    confidence: str, right: float, half: float, wrong: float
) -> None:
    assert [mark(confidence, share) for share in (1, 0.5, 0)] == [right, half, wrong]


@pytest.mark.parametrize("confidence", ["", "certain", "Sure"])
def test_it_has_no_mark_where_nobody_said_how_sure_they_were(confidence: str) -> None:
    assert mark(confidence, 1) is None


@given(degrees, shares)
def test_it_stays_between_a_wrong_answer_and_a_right_one(confidence: str, share: float) -> None:
    found = mark(confidence, share)
    assert found is not None
    assert WRONG[Confidence(confidence)] <= found <= RIGHT[Confidence(confidence)]


@given(degrees, shares, shares)
def test_it_never_falls_when_more_is_right(confidence: str, one: float, other: float) -> None:
    low, high = sorted((one, other))
    below, above = mark(confidence, low), mark(confidence, high)
    assert below is not None
    assert above is not None
    assert below <= above


@given(shares)
def test_to_be_surer_gains_where_something_is_right_and_costs_where_nothing_is(
    share: float,
) -> None:
    marks = [mark(each, share) or 0.0 for each in Confidence.values]
    assert marks == sorted(marks, reverse=share == 0)


def test_it_pays_to_say_what_one_believes() -> None:
    """The best thing to say changes at two of three and at four of five, as Moodle tells."""

    def best(chance: float) -> str:
        worth = {
            each: chance * (mark(each, 1) or 0) + (1 - chance) * (mark(each, 0) or 0)
            for each in Confidence.values
        }
        return max(worth, key=worth.__getitem__)

    chances = (0.5, 0.66, 0.67, 0.79, 0.81, 1)
    assert [best(chance) for chance in chances] == [
        "guess", "guess", "fairly", "fairly", "sure", "sure",
    ]  # fmt: skip
