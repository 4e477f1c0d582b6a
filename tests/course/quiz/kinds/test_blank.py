import pytest

from course.quiz import evidence, marking
from course.quiz.checks import problems
from course.quiz.content import Content
from course.quiz.kinds import KINDS, BadResponseError
from tests.course.quiz.examples import BLANK, FILLED, asked, parsed
from trainer.trials import trial

KIND = KINDS["blank"]


def test_fillings_are_shown_sorted_and_never_in_the_authors_order() -> None:
    pieces = KIND.asks(BLANK, {}, [])["pieces"]
    shown = [
        [each["label"] for each in piece["fillings"]] for piece in pieces if "fillings" in piece
    ]
    assert shown == [
        ["logits", "loss"], ["criterion", "model"], ["logits", "x", "y"], ["logits", "y"],
    ]  # fmt: skip


def test_a_filling_is_read_by_its_place() -> None:
    assert parsed(BLANK, "3=1\n0=1\n1=0\n2=2") == ["loss", "criterion", "y", "y"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("0=1\n1=0\n2=0\n", "every blank"),
        ("0=1", "every blank"),
        ("7=0", "changed"),
        ("0=9\n1=0\n2=0\n3=1", "changed"),
    ],
)
def test_what_fills_no_blank_is_refused(raw: str, said: str) -> None:
    with pytest.raises(BadResponseError, match=said):
        parsed(BLANK, raw)


@pytest.mark.parametrize(
    ("filled", "share", "matched"),
    [
        (["loss", "criterion", "logits", "y"], 1, ""),
        (["loss", "criterion", "y", "logits"], 0, "turned"),
        (["loss", "criterion", "x", "y"], 0, ""),
    ],
)
def test_it_is_graded_by_the_line_that_it_makes(
    filled: list[str], share: float, matched: str
) -> None:
    verdict = marking.grade(BLANK, {}, filled)
    assert verdict
    assert (verdict.share, verdict.matched) == (share, matched)


def test_another_way_to_make_the_same_line_is_right() -> None:
    """Both fillings come to one line of the vocabulary."""
    content = asked("blank", code="y = y.{float()|to(torch.float32)|long()}")
    assert problems(content) == []
    verdict = marking.grade(content, {}, ["to(torch.float32)"])
    assert verdict
    assert verdict.correct


@pytest.mark.parametrize(
    ("filled", "right"), [(["zero_grad", "step"], True), (["step"] * 2, False)]
)
def test_lines_that_are_run_are_graded_by_the_run(filled: list[str], right: bool) -> None:
    program = KIND.program(filled, FILLED)
    assert program
    verdict = marking.grade(FILLED, evidence.values_of_trial([], trial(program)), filled)
    assert verdict
    assert verdict.correct == right


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("loss = criterion(logits, y)", "no blank"),
        ("loss = {magic|model}(logits, y)", "no line of the course"),
        ("x" + "{a|b|c|d|e|f|g|h|i}" * 5, "too many"),
    ],
)
def test_an_author_is_told_what_is_wrong_with_the_code(code: str, said: str) -> None:
    content = Content("blank", "?", nudge="No.", explanation="So.", code=code)
    assert any(said in slip.reason for slip in problems(content))
