"""The script of a run, run outside the site: the same numbers, the same errors."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from trainer.engine.execute import names_of, run
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS, RunSpec
from trainer.engine.trace import Document, as_float
from trainer.engine.vocabulary import CORRECT, VOCABULARY
from trainer.script import MARK, PIECES, observed, script_of

IN_PLACE = "forward,loss,step,backward"


def execute(document: Document, folder: Path) -> subprocess.CompletedProcess[str]:
    path = folder / "script.py"
    path.write_text(script_of(document), encoding="utf-8")
    command = [sys.executable, "-I", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


def step_lines(printed: str) -> list[float]:
    pairs = [line.split() for line in printed.splitlines() if not line.startswith("epoch")]
    assert [int(number) for number, _ in pairs] == list(range(1, len(pairs) + 1))
    return [float(value) for _, value in pairs]


def epoch_lines(printed: str) -> list[float]:
    lines = [line.split() for line in printed.splitlines() if line.startswith("epoch")]
    return [float(words[4]) for words in lines]


def losses_of(document: Document) -> list[float | None]:
    return [as_float(step["loss"]) for step in document["steps"] if step["loss"] is not None]


@pytest.mark.parametrize(
    "spec",
    [
        PRESETS["calm"],
        PRESETS["published"],
        RunSpec(rows=250, batch_size=64, optimizer="momentum"),
        RunSpec(dataset="iris", rows=90, batch_size=10, data_seed=3),
        RunSpec(dataset="wine", rows=118, batch_size=25),
        RunSpec(dataset="digits", rows=1200, batch_size=100, epochs=2),
    ],
    ids=["calm", "published", "ragged", "iris", "wine", "digits"],
)
def test_it_prints_the_losses_of_the_run_bit_for_bit(spec: RunSpec, tmp_path: Path) -> None:
    document = run(spec, Program.correct()).document
    done = execute(document, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert step_lines(done.stdout) == losses_of(document)
    assert epoch_lines(done.stdout) == [epoch["running_loss"] for epoch in document["epochs"]]


@pytest.mark.parametrize("alterations", ["", "shuffled-labels,label-leak,outlier"])
def test_so_it_does_with_dropout_and_other_rows(alterations: str, tmp_path: Path) -> None:
    lines = ",".join("model_dropout" if name == "model" else name for name in CORRECT)
    spec = RunSpec(rows=100, batch_size=30, alterations=alterations)
    document = run(spec, Program.parse(lines + ",net:0,loss_item:0")).document
    done = execute(document, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert step_lines(done.stdout) == losses_of(document)


@pytest.mark.parametrize("lines", [IN_PLACE, "for_epoch,for_batch"])
def test_it_fails_as_the_program_failed_after_the_losses_it_had(lines: str, tmp_path: Path) -> None:
    document = run(RunSpec(epochs=1), Program.parse(lines)).document
    done = execute(document, tmp_path)
    assert document["status"] == "failed"
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(document["error"]["type"] + ": ")
    assert step_lines(done.stdout) == losses_of(document)


def test_it_counts_epochs_where_the_loops_begin_them() -> None:
    one_loop = "for x in b:\n    loss = torch.tensor(1.0)\n"
    two_loops = "for epoch in a:\n    for x in b:\n        loss = torch.tensor(1.0)\n"
    assert run_with(observed(two_loops)) == [(1, 3), (1, 3), (2, 3), (2, 3)]
    assert run_with(observed(one_loop)) == [(1, 3), (1, 3)]


def run_with(source: str) -> list[tuple[int, int]]:
    """The epoch and the rows that the script's own lines keep."""
    kept: list[tuple[int, int, float]] = []
    names = {"a": "12", "b": "12", "y": "123", "kept": kept, "epochs_begun": 0, "torch": torch}
    exec(source, names)  # noqa: S102 - the test's own text
    return [(epoch, rows) for epoch, rows, _ in kept]


def test_it_holds_the_pieces_and_the_program_word_for_word() -> None:
    document = run(RunSpec(epochs=1), Program.correct()).document
    script = script_of(document)
    own = [line for line in script.splitlines() if line.endswith(MARK)]
    assert PIECES.read_text(encoding="utf-8") in script
    assert document["source"] in "".join(
        line for line in script.splitlines(keepends=True) if line.rstrip("\n") not in own
    )
    assert len(own) == 2


def test_it_defines_every_name_that_a_program_may_use() -> None:
    spec = RunSpec(epochs=1)
    tree = ast.parse(script_of(run(spec, Program.correct()).document))
    assert names_of(spec).keys() <= set(top_level_names(tree))


def top_level_names(tree: ast.Module) -> list[str]:
    names = []
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names += [alias.asname or alias.name for alias in node.names]
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.append(node.name)
        else:
            names += [each.id for each in ast.walk(node) if isinstance(each, ast.Name)]
    return names


def test_it_keeps_the_last_loss_of_a_step_that_computes_it_twice() -> None:
    source = "for x in y:\n    loss = 1\n    with a:\n        loss = 2\n    loss.backward()\n"
    rows = observed(source).splitlines()
    assert [index for index, row in enumerate(rows) if row.endswith(MARK)] == [4]
    assert rows[4].startswith("        kept.append(")


def test_it_does_not_name_what_a_line_of_the_vocabulary_names() -> None:
    used = {
        node.id
        for line in VOCABULARY.values()
        for node in ast.walk(ast.parse(body_of(line.source(RunSpec()))))
        if isinstance(node, ast.Name)
    }
    assert not used & {"kept", "epochs_begun", "report", "atexit"}


def body_of(source: str) -> str:
    return source + "\n    pass" if source.endswith(":") else source
