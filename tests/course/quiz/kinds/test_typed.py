"""Typed code: what is matched, what is answered at its place, and that no answer tells the key."""

import pytest

from course.quiz import evidence, marking
from course.quiz.kinds import KINDS, BadResponseError
from tests.course.quiz.examples import LINE, PROGRAM, asked, parsed
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.trials import trial

WHOLE = """\
for epoch in range(epochs):
    model.train()
    for inputs, labels in loader:
        inputs = scale(inputs)
        optimizer.zero_grad()
        out = model(inputs)
        loss = criterion(out, labels)
        loss.backward()
        optimizer.step()
"""


@pytest.mark.parametrize(
    ("raw", "ids"),
    [
        ("loss.backward()", "backward"),
        ("  loss.backward()  # back", "backward"),
        ("optimizer.zero_grad()", "zero_grad"),
        ("for x, y in loader:", "for_batch"),
        ("loss.backward(); optimizer.step()", "backward,step"),
        ("torch.manual_seed(seed)", "nothing"),
    ],
)
def test_a_line_is_matched_however_it_is_spelled(raw: str, ids: str) -> None:
    assert parsed(LINE, raw) == ids


@pytest.mark.parametrize(
    ("response", "share", "matched"),
    [("backward", 1, ""), ("backward_retain", 1, ""), ("zero_grad", 0, "clears"), ("step", 0, "")],
)
def test_any_line_that_the_key_names_is_right(response: str, share: float, matched: str) -> None:
    verdict = marking.grade(LINE, {}, response)
    assert verdict
    assert (verdict.share, verdict.matched) == (share, matched)


@pytest.mark.parametrize(
    "raw",
    ["loss.backwards()", "loss.backwad()", "los.backward()", "loss.backward(1)", "backward()"],
)
def test_a_reason_does_not_tell_the_right_line(raw: str) -> None:
    with pytest.raises(BadResponseError) as refused:
        parsed(LINE, raw)
    assert "loss.backward()" not in str(refused.value)
    assert len(str(refused.value)) > 10


def test_a_reason_tells_other_lines() -> None:
    with pytest.raises(BadResponseError, match=r"did you mean `optimizer.step"):
        parsed(LINE, "optimizer.steps()")


def test_a_program_is_kept_as_ids_and_levels() -> None:
    response = parsed(PROGRAM, WHOLE)
    assert isinstance(response, str)
    program = Program.parse(response)
    assert "for inputs" not in program.source(RunSpec())
    assert program.source(RunSpec()).count("for x, y in loader:") == 1


def test_each_line_that_is_none_is_answered_at_its_place() -> None:
    with pytest.raises(BadResponseError) as refused:
        parsed(
            PROGRAM, WHOLE.replace("loss.backward()", "loss.backwards()").replace("train", "tran")
        )
    first, second = str(refused.value).split("\n")
    assert first.startswith("Line 2: ")
    assert second.startswith("Line 8: ")


def test_a_body_alone_is_no_whole_program() -> None:
    body = "\n".join(row.strip() for row in WHOLE.splitlines()[4:])
    with pytest.raises(BadResponseError, match="loop around it"):
        parsed(PROGRAM, body)
    body_alone = asked("program", facts=PROGRAM.facts, key="zero_grad,forward,loss,backward,step")
    assert parsed(body_alone, body.replace("inputs", "x").replace("labels", "y"))


@pytest.mark.parametrize(
    ("change", "right", "matched"),
    [
        (("", ""), True, ""),
        (("        optimizer.step()\n", ""), False, "still"),
        (("        optimizer.zero_grad()\n", ""), False, "kept"),
    ],
)
def test_a_program_is_graded_by_its_run(change: tuple[str, str], right: bool, matched: str) -> None:
    response = parsed(PROGRAM, WHOLE.replace(*change))
    program = KINDS["program"].program(response, PROGRAM)
    assert program
    values = evidence.values_of_trial([], trial(program))
    verdict = marking.grade(PROGRAM, values, response)
    assert verdict
    assert (verdict.correct, verdict.matched) == (right, matched)
