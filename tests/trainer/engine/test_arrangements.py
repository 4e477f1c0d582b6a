"""The 326 arrangements of the five core lines, each run, each as PyTorch itself answers."""

from collections import Counter, defaultdict

import pytest
import torch

from tests.trainer.engine.conftest import CORE, Arrangements
from tests.trainer.engine.reading import parameters, same_bits
from tests.trainer.engine.textbook import train
from trainer.engine.trace import Trace

NEEDS = {"loss": "logits", "backward": "loss"}
BINDS = {"forward": "logits", "loss": "loss"}
TEXT = {
    "zero_grad": "optimizer.zero_grad()",
    "forward": "logits = model(x)",
    "loss": "loss = criterion(logits, y)",
    "backward": "loss.backward()",
    "step": "optimizer.step()",
}

LATE = {
    ("step", "zero_grad", "forward", "loss", "backward"),
    ("step", "forward", "zero_grad", "loss", "backward"),
    ("step", "forward", "loss", "zero_grad", "backward"),
}
EQUAL = {
    CORE,
    ("forward", "zero_grad", "loss", "backward", "step"),
    ("forward", "loss", "zero_grad", "backward", "step"),
    ("forward", "loss", "backward", "step", "zero_grad"),
}
ACCUMULATING = ("forward", "loss", "backward", "step")
LATE_AND_ACCUMULATING = ("step", "forward", "loss", "backward")


def predict(order: tuple[str, ...]) -> tuple[str, str, int] | None:
    """Error type, failing line and step by reasoning about names, gradients and versions."""
    bound: set[str] = set()
    gradients, version, seen_by_forward = False, 0, 0
    for step in (1, 2, 3):
        for line in order:
            if line in NEEDS and NEEDS[line] not in bound:
                return "NameError", line, step
            if line == "backward" and seen_by_forward != version:
                return "RuntimeError", line, step
            bound |= {BINDS[line]} if line in BINDS else set()
            seen_by_forward = version if line == "forward" else seen_by_forward
            version += line == "step" and gradients
            gradients = (gradients or line == "backward") and line != "zero_grad"
    return None


def finished(arrangements: Arrangements) -> dict[tuple[str, ...], Trace]:
    return {o: t for o, t in arrangements.items() if t.document["status"] == "finished"}


def test_there_are_326_distinct_arrangements(arrangements: Arrangements) -> None:
    assert len(arrangements) == 1 + 5 + 20 + 60 + 120 + 120 == 326


def test_59_finish_and_the_others_fail_in_three_ways(arrangements: Arrangements) -> None:
    def outcome(trace: Trace) -> tuple[str, str]:
        error = trace.document["error"]
        if error is None:
            return trace.document["status"], ""
        name = error["message"].split("'")[1] if error["type"] == "NameError" else ""
        return error["type"], name

    assert Counter(map(outcome, arrangements.values())) == {
        ("finished", ""): 59,
        ("NameError", "logits"): 107,
        ("NameError", "loss"): 155,
        ("RuntimeError", ""): 5,
    }


def test_each_arrangement_fails_where_names_and_versions_say(arrangements: Arrangements) -> None:
    for order, trace in arrangements.items():
        error, expected = trace.document["error"], predict(order)
        assert (trace.document["status"] == "failed") == (expected is not None), order
        if expected is None or error is None:
            continue
        kind, line, step = expected
        assert (error["type"], error["step"]) == (kind, step), order
        text_line = trace.document["source"].splitlines()[error["line"] - 1]
        assert text_line.strip() == TEXT[line], order
        assert len(trace.document["steps"]) == step, order


def test_the_in_place_error_is_autograd_s_own(arrangements: Arrangements) -> None:
    errors = [trace.document["error"] for trace in arrangements.values()]
    messages = [each["message"] for each in errors if each and each["type"] == "RuntimeError"]
    assert len(messages) == 5
    assert all("modified by an inplace operation" in message for message in messages)


def test_the_59_fall_into_groups_that_end_with_the_same_bits(arrangements: Arrangements) -> None:
    groups: dict[bytes, set[tuple[str, ...]]] = defaultdict(set)
    for order, trace in finished(arrangements).items():
        groups[parameters(trace)[-1].numpy().tobytes()].add(order)
    by_size = sorted(groups.values(), key=len)
    assert [len(group) for group in by_size] == [1, 1, 3, 4, 50]
    assert {*by_size[0], *by_size[1]} == {ACCUMULATING, LATE_AND_ACCUMULATING}
    assert by_size[2] == LATE
    assert by_size[3] == EQUAL


def test_fifty_never_move_at_all(arrangements: Arrangements) -> None:
    moving = EQUAL | LATE | {ACCUMULATING, LATE_AND_ACCUMULATING}
    still = [trace for order, trace in finished(arrangements).items() if order not in moving]
    assert len(still) == 50
    for trace in still:
        stored = parameters(trace)
        assert float((stored - stored[0]).abs().max()) == 0.0
        assert {step["update_norm"] for step in trace.document["steps"]} == {0.0}


@pytest.mark.parametrize("order", sorted(LATE))
def test_step_first_is_the_correct_loop_one_batch_late(
    arrangements: Arrangements, calm: Trace, order: tuple[str, ...]
) -> None:
    late = parameters(arrangements[order])
    assert same_bits(late[0], late[1])
    assert same_bits(late[1:], parameters(calm)[:-1])


def test_without_clearing_the_gradients_add_up(arrangements: Arrangements) -> None:
    course = train(clear=False)
    trace = arrangements[ACCUMULATING]
    assert same_bits(parameters(trace), torch.stack(course.parameters))
    assert [step["loss"] for step in trace.document["steps"]] == course.losses


def test_late_and_accumulating_is_accumulating_one_batch_late(arrangements: Arrangements) -> None:
    late = parameters(arrangements[LATE_AND_ACCUMULATING])
    assert same_bits(late[1:], parameters(arrangements[ACCUMULATING])[:-1])


def test_every_arrangement_counts_its_updates(arrangements: Arrangements) -> None:
    for order, trace in finished(arrangements).items():
        assert trace.document["updates"] == (50 if "step" in order else 0), order
