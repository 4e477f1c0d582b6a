"""Every known cause is that of an error which the engine's own PyTorch raises for a program."""

import re

import pytest

from tests.staging import cut_short, short
from trainer.causes import KNOWN, OF_A_KIND, UNKNOWN, _makers, cause_of
from trainer.engine.vocabulary import CORRECT, VOCABULARY


def swap(**others: str) -> str:
    """The correct program with other lines in the place of some."""
    return ",".join(others.get(name, name) for name in CORRECT if others.get(name, name))


PROGRAMS = {
    "modified by an inplace operation": "zero_grad,forward,loss,backward_retain,step,backward",
    "backward through the graph a second time": "forward,loss,backward,backward,step",
    "does not require grad": "forward,detach_logits,loss,backward",
    "multi-target not supported": "labels_column,forward,loss",
    r"Target -?\d+ is out of bounds": "labels_shifted,forward,loss",
    "expected target dtype": "labels_float,forward,loss",
    "Expected floating point type for target": "forward,argmax,loss",
    "empty parameter list": swap(model="net,model_net"),
    "object has no attribute '(backward|item)'": "forward,loss,loss_item,backward",
    "Dimension out of range": "forward,argmax,softmax",
    "The size of tensor a": swap(criterion="criterion_mse"),
    "one_hot is only applicable": "labels_float,labels_one_hot",
    "Class values must be smaller": "labels_shifted,labels_one_hot",
    '"mse_cpu" not implemented': swap(criterion="criterion_mse", forward="forward,argmax"),
    "'Net' object is not subscriptable": swap(model="net,model_net,dead_units"),
    "unexpected indent": "forward:3",
    "expected an indented block": "if_fourth,step",
    "unindent does not match": swap(eval_mode="if_fourth:2,step:4,eval_mode:3"),
}


def test_every_pattern_has_its_program() -> None:
    assert set(PROGRAMS) == set(KNOWN)


@pytest.mark.filterwarnings("ignore:Using a target size")
@pytest.mark.parametrize("pattern", KNOWN)
def test_a_known_error_is_told_by_its_own_cause(pattern: str) -> None:
    error = short(PROGRAMS[pattern]).document["error"]
    assert re.search(pattern, error["message"])
    assert cause_of(error) == KNOWN[pattern]


def test_a_missing_name_is_told_with_the_line_that_makes_it() -> None:
    error = short("zero_grad,loss,backward,step").document["error"]
    assert cause_of(error) == (
        "No line that ran before this one had made logits. The line logits = model(x) makes it."
    )


@pytest.mark.parametrize("name", ["x", "y", "low", "total", "scheduler", "h", "loader", "model"])
def test_the_line_that_makes_a_name_makes_it(name: str) -> None:
    told = _makers()[name]
    assert any(line.template.startswith(told) for line in VOCABULARY.values())
    assert not re.search(rf"[=(].*\b{name}\b", told)


def test_a_name_that_no_line_makes_is_told_alone() -> None:
    error = {"type": "NameError", "message": "name 'nothing' is not defined"}
    assert cause_of(error) == "No line that ran before this one had made nothing."


def test_what_is_not_known_is_told_by_its_kind() -> None:
    assert cause_of({"type": "RuntimeError", "message": "odd"}) == OF_A_KIND["RuntimeError"]
    assert cause_of({"type": "OddError", "message": "odd"}) == UNKNOWN


def test_a_run_that_was_stopped_is_no_error_whatever_it_says() -> None:
    error = cut_short("unexpected indent").document["error"]
    assert cause_of(error) == OF_A_KIND["Stopped"]
