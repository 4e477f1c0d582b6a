"""The exercise of a run: a right loop passes, and a wrong one is told what is wrong."""

import subprocess
import sys
from pathlib import Path

import pytest

from trainer.engine.execute import run
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS, RunSpec
from trainer.engine.trace import Document
from trainer.exercise import BEGINS, ENDS, exercise_of, is_example

SETTINGS = {
    "calm": PRESETS["calm"],
    "ragged": RunSpec(rows=250, batch_size=64, optimizer="momentum", epochs=2),
    "by hand": RunSpec(optimizer="sgd", lr=0.5),
    "still": RunSpec(optimizer="sgd", lr=1e-9, epochs=1),
    "iris": PRESETS["iris"],
    "digits": PRESETS["digits"],
}

RIGHT = """\
for epoch in range(epochs):
    for x, y in loader:
        x = scale(x)
        optimizer.zero_grad()
        logits = model(x)
        loss = criterion(logits, y)
        loss.backward()
        optimizer.step()
"""

OTHERWISE = """\
for _ in range(epochs):
    for rows, labels in loader:
        cost = criterion(model(scale(rows)), labels)
        cost.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=False)
"""

CLEAR = "        optimizer.zero_grad()\n"
STEP = "        optimizer.step()\n"
BACKWARD = "        loss.backward()\n"
LATE = RIGHT.replace(STEP, "").replace(CLEAR, STEP + CLEAR)

WRONG = {
    "no loop": ("", "never called"),
    "no zero_grad": (RIGHT.replace(CLEAR, ""), "Clear them first"),
    "no step": (RIGHT.replace(STEP, ""), "never called"),
    "no backward": (RIGHT.replace(BACKWARD, ""), "no new gradients"),
    "step before backward": (RIGHT.replace(BACKWARD + STEP, STEP + BACKWARD), "no new gradients"),
    "one batch late": (LATE, "no new gradients"),
    "cleared too late": (RIGHT.replace(STEP, CLEAR + STEP), "no new gradients"),
    "two steps": (RIGHT.replace(STEP, STEP + STEP), "no new gradients"),
    "one epoch more": (RIGHT.replace("(epochs)", "(epochs + 1)"), "updates, and there should be"),
    "step once an epoch": (RIGHT.replace(STEP, STEP[4:]), "there should be 50"),
    "one update each": (RIGHT.replace(STEP, STEP + "        break\n"), "there should be 50"),
    "not scaled": (RIGHT.replace("        x = scale(x)\n", ""), "scale(x)"),
    "other labels": (RIGHT.replace("(logits, y)", "(logits, y.flip(0))"), "its own labels"),
    "another optimizer": ("optimizer = torch.optim.SGD(model.parameters())\n" + RIGHT, "the setup"),
}


def filled(document: Document, loop: str) -> str:
    text = exercise_of(document)
    assert text.count(ENDS) == text.count(BEGINS) == 1
    return text.replace(ENDS, loop + ENDS)


def attempt(text: str) -> str:
    """What it says to a loop; nothing if it is right."""
    try:
        exec(compile(text, "exercise.py", "exec"), {})  # noqa: S102 - the test's own text
    except AssertionError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("loop", [RIGHT, OTHERWISE], ids=["as taught", "otherwise"])
@pytest.mark.parametrize("name", SETTINGS)
def test_a_right_loop_passes(name: str, loop: str) -> None:
    document = run(SETTINGS[name], Program.correct()).document
    assert attempt(filled(document, loop)) == ""


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_loop_is_told_what_is_wrong(name: str) -> None:
    loop, said = WRONG[name]
    document = run(PRESETS["calm"], Program.correct()).document
    assert said in attempt(filled(document, loop))


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("name", ["no zero_grad", "no step", "step before backward"])
def test_the_usual_slips_are_found_whatever_the_settings(settings: str, name: str) -> None:
    loop, said = WRONG[name]
    document = run(SETTINGS[settings], Program.correct()).document
    assert said in attempt(filled(document, loop))


@pytest.mark.parametrize(
    ("loop", "code", "said"),
    [(RIGHT, 0, "Right: 50 updates"), (WRONG["no zero_grad"][0], 1, "Clear them first")],
)
def test_it_runs_on_its_own_and_ends_with_a_verdict(
    loop: str, code: int, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "exercise.py"
    document = run(PRESETS["calm"], Program.correct()).document
    path.write_text(filled(document, loop), encoding="utf-8")
    command = [sys.executable, "-I", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == code
    assert said in done.stdout + done.stderr.splitlines()[-1] if code else said in done.stdout


def test_it_does_not_give_the_loop_away() -> None:
    text = exercise_of(run(PRESETS["calm"], Program.correct()).document)
    for line in RIGHT.splitlines():
        assert line not in text.splitlines()
    assert max(map(len, text.splitlines())) <= 110


@pytest.mark.parametrize(
    ("spec", "lines"),
    [
        (RunSpec(epochs=1), "loss,forward"),
        (RunSpec(epochs=1), "forward,loss,backward,step"),
        (RunSpec(epochs=1), "for_epoch,for_batch"),
        (RunSpec(optimizer="adamw", lr=1e9, epochs=1), ""),
    ],
    ids=["failed", "another loop", "no whole program", "not finite"],
)
def test_a_run_without_a_loss_to_aim_at_is_no_example(spec: RunSpec, lines: str) -> None:
    program = Program.parse(lines) if lines else Program.correct()
    assert not is_example(run(spec, program).document)
    assert is_example(run(RunSpec(epochs=1), Program.correct()).document)
