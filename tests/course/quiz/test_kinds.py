"""Each kind: what it reads, what it refuses, and how it grades. All pure."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.quiz.content import Content, Option
from course.quiz.kinds import KINDS, BadResponseError, Marking, Verdict
from course.quiz.kinds.number import near

CHOICE, NUMBER, SHAPE = KINDS["choice"], KINDS["number"], KINDS["shape"]
CONTENT = Content(kind="number", prompt="?", tolerance=0.01)
FINITE = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e6, max_value=1e6)
TOLERANCE = st.floats(min_value=0, max_value=10)


def graded(response: float, key: float, content: Content = CONTENT, **wrong: float) -> Verdict:
    return NUMBER.grade(response, content, Marking(key, wrong))


# -- reading ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("50", 50), (" 50 ", 50), ("+5", 5), ("-0.25", -0.25), (".5", 0.5), ("5.", 5),
        ("1e-3", 0.001),
        ("2.5E2", 250), ("\N{MINUS SIGN}0.25", -0.25), ("007", 7),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_type_them(raw: str, number: float) -> None:
    assert NUMBER.parse(raw, CONTENT, ()) == number


@pytest.mark.parametrize(
    "raw",
    ["", " ", "nan", "inf", "-inf", "1_000", "1e999",
     "\uff11\uff12", "١٢", "1 000", "0x10", "1.2.3", "e5", ".", "5%",
     "1e400", "1" * 30, "1\x00", "--1", "½", "1,000,000", "\ud800"],
)  # fmt: skip
def test_what_is_no_plain_number_is_refused(raw: str) -> None:
    with pytest.raises(BadResponseError):
        NUMBER.parse(raw, CONTENT, ())


@pytest.mark.parametrize("raw", ["0,5", "-1,25", ",5"])
def test_a_decimal_comma_is_refused_with_help(raw: str) -> None:
    with pytest.raises(BadResponseError, match=r"point.*" + raw.replace(",", r"\.")):
        NUMBER.parse(raw, CONTENT, ())


@pytest.mark.parametrize(
    ("raw", "shape"),
    [
        ("(100, 3)", [100, 3]), ("[100,3]", [100, 3]), ("100x3", [100, 3]), ("100 x 3", [100, 3]),
        ("100\u00d73", [100, 3]), ("torch.Size([100, 3])", [100, 3]), ("100, 3", [100, 3]),
        ("(100,)", [100]), ("100", [100]), ("[]", []), ("()", []), ("torch.Size([])", []),
        (" ( 2 , 3 , 4 ) ", [2, 3, 4]),
    ],
)  # fmt: skip
def test_shapes_are_read_in_every_usual_spelling(raw: str, shape: list[int]) -> None:
    assert SHAPE.parse(raw, CONTENT, ()) == shape


@pytest.mark.parametrize(
    "raw",
    ["", " ", "(100, 3", "100 3", "torch.Size", "(a, b)", "-1, 3", "\uff11,3", "100 by 3", "1.5, 3",
     "(100; 3)", ",", "x", "1" * 12, "\ud800"],
)  # fmt: skip
def test_what_is_no_shape_is_refused(raw: str) -> None:
    with pytest.raises(BadResponseError):
        SHAPE.parse(raw, CONTENT, ())


@pytest.mark.parametrize("raw", ["", "3", "-1", "step", "0 ", "\uff11", "00000"])
def test_an_option_that_was_not_shown_is_refused(raw: str) -> None:
    with pytest.raises(BadResponseError):
        CHOICE.parse(raw, CONTENT, ["a", "b", "c"])


# -- grading ---------------------------------------------------------------------------


@given(FINITE, TOLERANCE, st.booleans())
def test_the_key_itself_earns_everything(key: float, tolerance: float, relative: bool) -> None:
    content = replace(CONTENT, tolerance=tolerance, relative=relative)
    assert graded(key, key, content) == Verdict(correct=True, share=1.0, gap=0.0)
    assert NUMBER.parse(repr(key), CONTENT, ()) == key


@given(FINITE, TOLERANCE, st.floats(min_value=0, max_value=20))
def test_the_tolerance_is_symmetric(key: float, tolerance: float, distance: float) -> None:
    key = round(key)  # so that both sides of it are equally far in floating point
    above = near(key + distance, key, tolerance, relative=False)
    assert above == near(key - distance, key, tolerance, relative=False) or math.isclose(
        distance, tolerance, rel_tol=1e-6, abs_tol=2e-3
    )


@given(FINITE, FINITE, TOLERANCE, TOLERANCE)
def test_a_wider_tolerance_never_takes_away(a: float, b: float, first: float, more: float) -> None:
    if near(a, b, first, relative=False):
        assert near(a, b, first + more, relative=False)


@given(FINITE, st.floats(min_value=0, max_value=5), st.floats(min_value=0, max_value=5))
def test_a_nearer_answer_never_earns_less(key: float, near_by: float, farther: float) -> None:
    content = replace(CONTENT, tolerance=0.05, half_tolerance=0.15)
    first, second = sorted((near_by, farther))
    assert graded(key + first, key, content).share >= graded(key + second, key, content).share


def test_an_answer_on_the_edge_of_the_tolerance_counts() -> None:
    assert graded(0.51, 0.5).correct
    assert graded(0.49, 0.5).correct
    assert not graded(0.5101, 0.5).correct


def test_a_relative_tolerance_is_a_share_of_the_key() -> None:
    content = replace(CONTENT, tolerance=0.05, relative=True)
    assert graded(105, 100, content).correct
    assert not graded(106, 100, content).correct
    assert graded(-95, -100, content).correct


@pytest.mark.parametrize(("response", "share"), [(0.45, 1), (0.3, 0.5), (0.55, 0.5), (0.24, 0)])
def test_half_the_points_lie_within_the_wider_tolerance(response: float, share: float) -> None:
    content = replace(CONTENT, tolerance=0.05, half_tolerance=0.15)
    verdict = graded(response, 0.4, content)
    assert (verdict.share, verdict.correct) == (share, share == 1)
    assert verdict.gap == pytest.approx(response - 0.4)


def test_a_wrong_number_is_matched_with_the_nearest_one_that_was_expected() -> None:
    content = replace(CONTENT, tolerance=1)
    assert graded(11.4, 20, content, low=10, high=12).matched == "high"
    assert graded(15, 20, content, low=10, high=12).matched == ""
    assert graded(20, 20, content, low=19.5).matched == ""


def test_a_shape_is_right_only_in_its_order() -> None:
    content = Content(kind="shape", prompt="?")
    marking = Marking([100, 3], {"swapped": [3, 100]})
    assert SHAPE.grade([100, 3], content, marking).correct
    assert SHAPE.grade([3, 100], content, marking) == Verdict(
        correct=False, share=0.0, matched="swapped"
    )
    assert SHAPE.grade([100], content, marking).matched == ""


def test_a_choice_matches_the_option_chosen() -> None:
    content = Content(kind="choice", prompt="?", options=(Option("a"), Option("b")))
    assert CHOICE.grade("b", content, Marking("a", {})) == Verdict(
        correct=False, share=0.0, matched="b"
    )


@pytest.mark.parametrize(
    ("value", "tolerance", "written"),
    [
        (50.0, 0, "50"),
        (0.120708, 0.01, "0.121"),
        (1.38997, 0.02, "1.390"),
        (-0.05, 0.001, "-0.0500"),
    ],
)
def test_a_key_is_written_with_the_digits_that_count(
    value: float, tolerance: float, written: str
) -> None:
    assert NUMBER.written(value, replace(CONTENT, tolerance=tolerance)) == written


@given(st.lists(st.integers(min_value=0, max_value=10**6), max_size=5))
def test_a_shape_is_read_back_as_it_is_written(shape: list[int]) -> None:
    assert SHAPE.parse(SHAPE.written(shape, CONTENT), CONTENT, ()) == shape
