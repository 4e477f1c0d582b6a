"""The text of a lesson: read in parts, told as far as it is true, slips named by their line."""

import pytest

from course.lessons.lesson.checks import check
from course.lessons.lesson.text import Placed, Prose, parse
from course.quiz.conditions import read

TEXT = """\
## First things

Always here.
{when rises > 2} It rose {probe rises} times.
- {when course = falls} An item.

{figure deal-order}
{lines zero_grad step}

## Then

{question dl-again}
After it.
"""


def told(text: str, **values: float | str | None) -> str:
    (section,) = parse(f"## One\n\n{text}").sections
    (part,) = section.parts
    assert isinstance(part, Prose)
    return part.markdown(values)


def test_parts_stand_in_their_sections_in_order() -> None:
    first, then = parse(TEXT).sections
    assert (first.slug, first.heading, then.slug) == ("first-things", "First things", "then")
    prose, figure, lines = first.parts
    assert isinstance(prose, Prose)
    assert [line.number for line in prose.lines] == [3, 4, 5]
    assert figure == Placed("figure", ("deal-order",), 7)
    assert lines == Placed("lines", ("zero_grad", "step"), 8)
    assert isinstance(then.parts[0], Placed)
    assert isinstance(then.parts[1], Prose)


def test_a_line_is_told_where_it_is_true() -> None:
    text = TEXT.split("\n\n")[1]
    assert told(text, rises=3, course="falls").splitlines() == [
        "Always here.",
        "It rose {probe rises} times.",
        "- An item.",
    ]
    assert told(text, rises=2, course="stays") == "Always here."
    assert told(text, rises=None, course=None) == "Always here."


@pytest.mark.parametrize(
    ("condition", "values", "holds"),
    [
        ("a > 1", {"a": 2}, True),
        ("a > 1", {"a": 1}, False),
        ("a >= 1.5", {"a": 1.5}, True),
        ("a < -1", {"a": -2}, True),
        ("a < b", {"a": 1, "b": 2}, True),
        ("a < b", {"a": 1, "b": None}, False),
        ("a = b", {"a": "b"}, True),
        ("a = b", {"a": 3, "b": 3}, True),
        ("a != 3", {"a": 3}, False),
        ("a", {"a": 0}, False),
        ("a", {"a": 0.5}, True),
        ("a", {"a": None}, False),
        ("a > 1 and b", {"a": 2, "b": 1}, True),
        ("a > 1 and b", {"a": 2, "b": 0}, False),
        ("a > 1", {"a": "nan"}, False),
        ("a > 1", {"a": float("nan")}, False),
    ],
)
def test_conditions(condition: str, values: dict[str, float | str | None], *, holds: bool) -> None:
    assert read(condition).holds(values) is holds


def test_slips_are_named_by_their_line() -> None:
    text = """\
Before any heading.
## One
{probe no_such_probe} and {probe heldout_accuracy .3q}
{when no_probe > 1} x
{when updates >> 1} x
{when batch_loss_course = falls_always} x
{figure none}

{question none}

{lines zero_grad none}

A {brace}.
## One
"""
    assert check(text, {"dl-again"}) == [
        (1, "stands before the first heading (## ...)."),
        (3, "'{probe heldout_accuracy .3q}' is no role."),
        (3, "probe 'no_such_probe' does not exist."),
        (4, "probe 'no_probe' does not exist."),
        (5, "'updates >> 1' is no condition."),
        (7, "figure 'none' does not exist."),
        (9, "question 'none' does not exist."),
        (11, "lines 'none' does not exist."),
        (13, "a brace that belongs to no role, figure or question."),
        (14, "a heading like this stands above already."),
    ]
