"""Lines in order: what the form sends, what it comes to, and what it is worth when it was run."""

from dataclasses import replace
from itertools import permutations

import pytest

from course.quiz import evidence, marking
from course.quiz.content import Option
from course.quiz.kinds import KINDS, BadResponseError, Verdict
from course.quiz.kinds.executed import in_order, near_misses, rearranged
from tests.course.quiz.examples import NESTED, ORDER, SEQUENCE, asked, parsed, said
from trainer.trials import trial

KIND = KINDS["order"]
LINES = ["clear", "forth", "price", "back", "update", "shares"]
KEY = LINES[:5]


def run(names: list[str]) -> Verdict:
    """The verdict on an order that was really run."""
    program = KIND.program(names, ORDER)
    assert program
    values = evidence.values_of_trial([], trial(program))
    verdict = marking.grade(ORDER, values, names)
    assert verdict
    return verdict


def test_places_become_an_order() -> None:
    assert parsed(ORDER, "0=2\n1=1\n2=\n3=7\n4=\n5=", LINES) == ["forth", "clear", "back"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [("0=1\n1=1", "place 1"), ("0=\n1=", "at least one"), ("9=1", "changed"), ("0", "changed")],
)
def test_what_is_no_order_is_refused(raw: str, said: str) -> None:
    with pytest.raises(BadResponseError, match=said):
        parsed(ORDER, raw, LINES)


def test_every_order_that_trains_alike_is_right_and_no_other() -> None:
    """Of all 120 orders of the five lines: zero_grad before backward, or after step."""
    valid = {
        order
        for order in permutations(KEY)
        if in_order(["forth", "price", "back", "update"], order)
        and not in_order(["back", "clear", "update"], order)
    }
    assert len(valid) == 4
    for order in valid:
        assert run(list(order)).correct, order
    for near in near_misses(KEY):
        if near and tuple(near) not in valid:
            assert not run(near).correct, near


@pytest.mark.parametrize(
    ("order", "matched"),
    [
        (["forth", "price", "back", "clear", "update"], "wiped"),
        (["clear", "price", "forth", "back", "update"], "broken"),
        (["clear", "forth", "price", "back"], "update"),
        (["clear", "forth", "shares", "price", "back", "update"], "shares"),
    ],
)
def test_a_wrong_order_is_answered_by_what_is_wrong_with_it(order: list[str], matched: str) -> None:
    verdict = run(order)
    assert (verdict.correct, verdict.share, verdict.matched) == (False, 0, matched)


def test_a_program_that_was_not_run_earns_nothing() -> None:
    verdict = marking.grade(ORDER, {}, KEY)
    assert verdict
    assert verdict.share == 0


def test_levels_make_blocks() -> None:
    lines = [option.name for option in NESTED.options]
    levels = [0, 1, 2, 2, 2, 2, 2, 2]
    raw = [f"{place}={place + 1}" for place in range(len(lines))]
    raw += [f"{place}:{level}" for place, level in enumerate(levels)]
    response = parsed(NESTED, "\n".join(raw), lines)
    program = KIND.program(response, NESTED)
    assert program
    assert [each.level for each in program.lines][-len(levels) :] == levels
    assert KIND.key(NESTED, {}) == response
    flat = KIND.program(parsed(NESTED, "\n".join(raw[: len(lines)]), lines), NESTED)
    assert flat
    assert {each.level for each in flat.lines} == {0}


def test_a_sequence_of_anything_is_compared_with_the_authors() -> None:
    kept = marking.grade(SEQUENCE, {}, ["input", "logits", "shares"])
    turned = marking.grade(SEQUENCE, {}, ["shares", "input", "logits"])
    strange = marking.grade(SEQUENCE, {}, ["input", "classes", "logits", "shares"])
    assert kept
    assert turned
    assert strange
    assert (kept.share, turned.matched, strange.matched) == (1, "turned", "classes")
    assert KIND.program(["input"], SEQUENCE) is None


def test_it_is_written_as_python_has_it() -> None:
    assert KIND.written(["clear", "forth"], ORDER) == "optimizer.zero_grad()\nlogits = model(x)"
    written = KIND.written(["for_epoch:0", "for_batch:1"], NESTED)
    assert written == "for epoch in range(epochs):\n    for x, y in loader:"


def test_an_answer_of_too_many_lines_is_wrong_and_not_run() -> None:
    response = ["clear"] * 80
    assert KIND.program(response, ORDER) is None
    assert marking.grade(replace(ORDER, facts="ran_through"), {}, response)


def test_lines_are_moved_to_where_the_last_of_them_stands() -> None:
    assert rearranged(list("abcde"), ["d", "a", "e"]) == list("bcdae")
    assert rearranged(list("abcd"), ["c", "b"]) == list("acbd")


BLOCKS = asked(
    "order",
    Option("fit", text="scaler", correct=True),
    Option("loop", text="for_epoch for_batch", correct=True),
    Option("same", text="scale", correct=True),
    Option("train", text="zero_grad forward loss backward step", correct=True),
    said("anew", "refit-scaler-per-batch", text="scale_per_batch"),
    said("broken", value="ran_through"),
    facts="ran_through same_losses same_end",
)


@pytest.mark.parametrize(
    ("names", "correct", "matched"),
    [
        (["fit", "loop", "same", "train"], True, ""),
        (["loop", "fit", "same", "train"], False, "broken"),
        (["fit", "loop", "anew", "train"], False, "anew"),
        (["fit", "loop", "train"], False, ""),
        (["fit", "same", "train"], False, "broken"),
        (["train"], False, "broken"),
    ],
)
def test_blocks_are_put_together_to_a_whole_program(
    names: list[str], correct: bool, matched: str
) -> None:
    """What makes model, optimizer and loader is there; a loop is not, where it is left out."""
    program = KIND.program(names, BLOCKS)
    values = evidence.values_of_trial([], trial(program)) if program else {}
    verdict = marking.grade(BLOCKS, values, names)
    assert verdict
    assert (verdict.correct, verdict.matched) == (correct, matched)


def test_a_block_is_shown_and_written_over_its_lines() -> None:
    (block,) = KIND.asks(BLOCKS, {}, ["loop"])["lines"]
    assert block["text"] == "for epoch in range(epochs):\n    for x, y in loader:"
    written = KIND.written(["loop", "same"], BLOCKS)
    assert written.split("\n")[1:] == ["    for x, y in loader:", "        x = scale(x)"]


def test_a_block_with_a_line_that_does_not_exist_is_named() -> None:
    wrong = replace(BLOCKS, options=(Option("fit", text="scaler nothing", correct=True),))
    assert any("'nothing' is not in the vocabulary" in str(slip) for slip in KIND.problems(wrong))
