"""Sentences that hold for some runs stand where they hold, and are left out elsewhere."""

import itertools
import re
from collections.abc import Iterator
from functools import cache

from course.lessons.pipeline.sections import code_of, flow_of
from tests.course.lessons.pipeline.test_claims import texts
from tests.course.lessons.pipeline.variety import NAMES, Facts, told_of, trace_of


def reached(tensor: str) -> Iterator[tuple[Facts, str]]:
    """Every run that got as far as this tensor, and what its stages say."""
    for name in NAMES:
        if tensor in Facts.of(name).tensors:
            yield Facts.of(name), said(name)


@cache
def said(name: str) -> str:
    """Everything that the stages say of a run."""
    told = told_of(name).values()
    return " ".join(text for section in told for text in texts(section))


def test_a_stage_is_told_exactly_where_the_run_reached_it() -> None:
    for name in NAMES:
        facts = Facts.of(name)
        have = facts.tensors
        updated = "first.gradients" in have and 1 in have["kept_steps"].tolist()
        expected = {
            "data-loading": "first.x" in have,
            "preprocessing": "first.scaled" in have and facts.lines.count("scale") == 1,
            "model-input": "first.logits" in have,
            "loss": "first.loss" in have,
            "backpropagation": updated,
        }
        assert set(told_of(name)) == {slug for slug, met in expected.items() if met}


def test_an_honest_run_reaches_every_stage() -> None:
    assert len(told_of("calm")) == 5
    assert set(told_of("failed at once")) == {"data-loading", "preprocessing"}
    assert told_of("bad indentation") == {}


def test_a_ragged_batch_is_told_where_there_is_one() -> None:
    for facts, told in reached("first.x"):
        ragged = facts.spec.rows % facts.spec.batch_size != 0
        assert ("The last batch of an epoch" in told) == ragged, facts


def test_shuffling_is_shown_where_two_rows_show_it() -> None:
    for facts, told in reached("first.rows"):
        dealt = facts.tensors["first.rows"].tolist()
        shuffled = any(a > b for a, b in itertools.pairwise(dealt))
        assert ("came before training row" in told) == shuffled, facts


def test_scores_below_zero_are_told_where_there_are_some() -> None:
    for facts, told in reached("first.logits"):
        below = bool((facts.tensors["first.logits"] < 0).any())
        assert ("a score below 0" in told) == below, facts


def test_no_row_sums_to_one_is_told_where_none_does() -> None:
    met = set()
    for facts, told in reached("first.logits"):
        away = float((facts.tensors["first.logits"].double().sum(dim=1) - 1).abs().min())
        met.add("No row sums to 1" in told)
        if not 1.5e-3 < away < 2.5e-3:
            assert ("No row sums to 1" in told) == (away > 2e-3), facts
    assert met == {True, False}


def test_an_untrained_model_is_said_to_be_one() -> None:
    for facts, told in reached("first.logits"):
        last = max(index for index, line in enumerate(facts.lines) if line == "forward")
        untrained = "step" not in facts.lines[:last]
        assert ("learned nothing yet" in told) == untrained, facts


def test_updates_are_counted_as_such_where_each_call_moved_something() -> None:
    for facts, told in reached("first.x"):
        each_moved = facts.document["updates"] == sum(facts.moved())
        assert ("of the parameters." in told) == each_moved, facts
        assert ("calls of `optimizer.step()`" in told) != each_moved, facts


def test_the_margin_shows_the_lines_and_the_shapes_of_the_tensors() -> None:
    for name in NAMES:
        facts, trace = Facts.of(name), trace_of(name)
        for slug in told_of(name):
            shapes = [part["text"] for part in flow_of(trace, slug) if "text" in part]
            assert shapes == expected_shapes(facts, slug), (name, slug)
            for line in code_of(trace, slug).split("\n"):
                assert line in facts.document["source"]


def expected_shapes(facts: Facts, slug: str) -> list[str]:
    def shape(name: str) -> str:
        return str(tuple(facts.tensors[f"first.{name}"].shape))

    spec = facts.spec
    if slug == "data-loading":
        batches = -(-spec.rows // spec.batch_size)
        columns = facts.tensors["first.x"].shape[1]
        return [str((spec.rows, columns)), f"{batches} {chr(0xD7)} {shape('x')}"]
    if slug == "preprocessing":
        return [shape("x"), shape("scaled")]
    if slug == "model-input":
        scaled = "first.scaled" in facts.tensors
        return [shape("scaled"), shape("logits")] if scaled else []
    if slug == "loss":
        return [shape("logits"), shape("y"), "()"]
    return ["()"]


def test_the_two_rules_of_the_first_update_were_met() -> None:
    told = {name: str(told_of(name).get("backpropagation")) for name in NAMES}
    assert "minus the learning rate" in told["sgd, seed 3"]
    assert "minus the learning rate" in told["momentum, seed 1"]
    assert "whatever the gradient" in told["adam, seed 3"]
    for name in ("adamw, seed 1", "rmsprop, seed 1"):
        assert not re.search("whatever the gradient|minus the learning rate", told[name])
