"""The buttons of the builder, as functions of a program."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.lab.builder import actions
from course.lab.builder.actions import STARTS, Done, Refusal, act
from trainer.engine.program import MAX_LEVEL, MAX_LINES, Placed, Program
from trainer.engine.vocabulary import CORE, CORRECT, VOCABULARY

CORRECT_LOOP = Program.correct()
COUNT = len(CORRECT)


def ids(program: Program) -> list[str]:
    return [each.line.id for each in program.lines]


def at(name: str) -> int:
    return CORRECT.index(name) + 1


def test_a_line_moves_up_and_says_where_it_is() -> None:
    done = act(CORRECT_LOOP, f"up-{at('loss')}")
    assert ids(done.program).index("loss") == CORRECT.index("forward")
    assert (done.at, done.button) == (at("forward"), "up")
    assert done.said == f"Line {at('loss')} moved up, now {at('forward')} of {COUNT}."


def test_a_line_moves_down_in_and_out() -> None:
    down = act(CORRECT_LOOP, "down-1")
    assert ids(down.program)[:2] == [CORRECT[1], CORRECT[0]]
    inside = act(CORRECT_LOOP, f"in-{at('step')}")
    assert inside.program.lines[at("step") - 1].level == 3
    assert inside.said == f"Line {at('step')} moved in, now at level 3."
    assert act(inside.program, f"out-{at('step')}").program == CORRECT_LOOP


def test_a_line_is_repeated_below_itself() -> None:
    done = act(CORRECT_LOOP, f"repeat-{at('backward')}")
    assert ids(done.program)[at("backward") - 1 : at("backward") + 1] == ["backward"] * 2
    assert done.at == at("backward") + 1


def test_a_line_is_removed_and_the_next_takes_its_place() -> None:
    done = act(CORRECT_LOOP, f"remove-{at('zero_grad')}")
    assert "zero_grad" not in ids(done.program)
    assert ids(done.program)[done.at - 1] == "forward"
    last = act(CORRECT_LOOP, f"remove-{COUNT}")
    assert last.at == COUNT - 1


def test_a_line_is_dragged_to_another_place() -> None:
    done = act(CORRECT_LOOP, f"move-{at('step')}-{at('zero_grad')}")
    assert ids(done.program)[at("zero_grad") - 1 : at("step")] == ["step", *CORE[:-1]]
    assert act(CORRECT_LOOP, "move-3-3").program == CORRECT_LOOP


@pytest.mark.parametrize("after", [0, 7, COUNT, COUNT + 5, -1])
def test_a_line_is_added_behind_another_at_its_usual_level(after: int) -> None:
    done = act(CORRECT_LOOP, "add-clip", after)
    place = min(max(after, 0), COUNT)
    assert done.at == place + 1
    assert done.program.lines[place] == Placed(VOCABULARY["clip"], VOCABULARY["clip"].level)
    assert len(done.program.lines) == COUNT + 1


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ("up-1", actions.FIRST),
        (f"down-{COUNT}", actions.LAST),
        ("out-1", actions.OUTERMOST),
        ("up-0", actions.NOT_THERE),
        (f"up-{COUNT + 1}", actions.NOT_THERE),
        (f"move-1-{COUNT + 1}", actions.NOT_THERE),
        (f"remove-{CORRECT.index('for_batch') + 1}", actions.STAYS),
        ("add-nothing", actions.NOT_KNOWN),
        ("start-nothing", actions.NOT_KNOWN),
        ("up", actions.NOT_KNOWN),
        ("up-1-2", actions.NOT_KNOWN),
        ("move-1", actions.NOT_KNOWN),
        ("fly-1", actions.NOT_KNOWN),
        ("up-\N{ARABIC-INDIC DIGIT ONE}", actions.NOT_KNOWN),
        ("up-99999", actions.NOT_KNOWN),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(wanted: str, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        act(CORRECT_LOOP, wanted)


def test_the_innermost_level_is_told() -> None:
    deep = Program((replace(CORRECT_LOOP.lines[0], level=MAX_LEVEL), *CORRECT_LOOP.lines[1:]))
    with pytest.raises(Refusal, match=actions.INNERMOST):
        act(deep, "in-1")


def test_a_full_program_takes_no_more_lines() -> None:
    program = CORRECT_LOOP
    while len(program.lines) < MAX_LINES:
        program = act(program, "repeat-1").program
    for wanted in ("repeat-1", "add-forward"):
        with pytest.raises(Refusal, match="room for 60"):
            act(program, wanted)


def test_one_may_start_from_the_correct_loop_an_empty_batch_or_shuffled_lines() -> None:
    assert act(Program.parse("forward"), "start-correct").program == CORRECT_LOOP
    assert act(CORRECT_LOOP, "start-empty").program == Program.parse("")
    for _ in range(20):
        shuffled = act(CORRECT_LOOP, "start-shuffled").program
        assert sorted(ids(shuffled)) == sorted(CORRECT)
        assert shuffled != CORRECT_LOOP


# -- what holds for all of them ------------------------------------------------------

NUMBERS = st.integers(0, COUNT + 3)
VERBS = st.sampled_from(["up", "down", "in", "out", "repeat", "remove"])
BUTTONS = st.one_of(
    st.builds("{}-{}".format, VERBS, NUMBERS),
    st.builds("move-{}-{}".format, NUMBERS, NUMBERS),
    st.builds("add-{}".format, st.sampled_from(sorted(VOCABULARY))),
    st.sampled_from([f"start-{name}" for name in STARTS]),
)


@given(st.lists(st.tuples(BUTTONS, NUMBERS), max_size=60))
def test_any_buttons_in_any_order_leave_a_program_that_its_spelling_gives_back(
    pressed: list[tuple[str, int]],
) -> None:
    program = CORRECT_LOOP
    for wanted, after in pressed:
        try:
            done = act(program, wanted, after)
        except Refusal:
            continue
        program = done.program
        assert Program.parse(program.spelling()) == program
        assert 0 <= done.at <= len(program.lines) <= MAX_LINES
        assert done.said.endswith(".")


@given(st.text(max_size=20), st.integers())
def test_any_text_is_a_button_or_is_refused(wanted: str, after: int) -> None:
    with suppress(Refusal):
        assert isinstance(act(CORRECT_LOOP, wanted, after), Done)


@given(st.integers(1, COUNT), st.sampled_from([("up", "down"), ("down", "up"), ("in", "out")]))
def test_there_and_back_is_the_same_program(number: int, way: tuple[str, str]) -> None:
    there, back = way
    try:
        done = act(CORRECT_LOOP, f"{there}-{number}")
    except Refusal:
        return
    again = act(done.program, f"{back}-{done.at}")
    assert (again.program, again.at) == (CORRECT_LOOP, number)


@given(st.integers(1, COUNT))
def test_a_repeated_line_that_is_removed_leaves_nothing_behind(number: int) -> None:
    done = act(CORRECT_LOOP, f"repeat-{number}")
    assert act(done.program, f"remove-{done.at}").program == CORRECT_LOOP
