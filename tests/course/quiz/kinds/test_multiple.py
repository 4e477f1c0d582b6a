import pytest

from course.quiz import marking
from course.quiz.content import Option
from course.quiz.kinds import BadResponseError, Verdict
from tests.course.quiz.examples import MULTIPLE, asked, parsed, said

NAMES = ["grad", "bias", "weights", "labels"]


def graded(*chosen: str) -> Verdict:
    verdict = marking.grade(MULTIPLE, {}, list(chosen))
    assert verdict
    return verdict


@pytest.mark.parametrize(
    ("chosen", "share", "matched"),
    [
        (["grad", "bias"], 1, ""),
        (["grad"], 0.5, "bias"),
        (["grad", "bias", "weights"], 0.5, "weights"),
        (["grad", "weights"], 0, "weights bias"),
        (["weights", "labels"], 0, "weights labels grad bias"),
        (NAMES, 0, "weights labels"),
    ],
)
def test_right_ones_count_against_wrong_ones(chosen: list[str], share: float, matched: str) -> None:
    assert graded(*chosen) == Verdict(share == 1, share, matched)


def test_every_belief_that_shows_is_named() -> None:
    content = asked(
        "multiple",
        Option("a", text="a", correct=True),
        said("b", "zero-between", text="b"),
        said("c", "backward-twice", text="c"),
    )
    verdict = marking.grade(content, {}, ["b", "c"])
    assert verdict
    assert marking.misconceptions(content, verdict) == ["zero-between", "backward-twice"]


def test_places_are_read_in_any_order_and_once() -> None:
    assert parsed(MULTIPLE, "2\n0\n2", NAMES[::-1]) == ["bias", "labels"]


@pytest.mark.parametrize("raw", ["4", "0\n9", "a", "0\n"])
def test_an_option_that_was_not_shown_is_refused(raw: str) -> None:
    with pytest.raises(BadResponseError):
        parsed(MULTIPLE, raw, NAMES)
