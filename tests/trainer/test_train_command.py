"""`manage.py train`: one run without the web."""

import json
import subprocess
import sys
from dataclasses import fields, replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.processes import ROOT, environment
from tests.tables import csv_of
from trainer.engine.csv_file import read
from trainer.engine.execute import run
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS, RunSpec
from trainer.engine.vocabulary import CORRECT, VOCABULARY
from trainer.executors import Busy
from trainer.management.report import curve, report

CALM = PRESETS["calm"]


class Terminal(StringIO):
    """A stream that someone looks at."""

    def isatty(self) -> bool:
        return True


def train(*options: str) -> str:
    out, err = StringIO(), StringIO()
    call_command("train", *options, stdout=out, stderr=err)
    assert err.getvalue() == ""
    return out.getvalue()


def document(*options: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(train("--json", *options), parse_constant=pytest.fail)
    return found


def refusal(*options: str) -> list[str]:
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("train", *options, stdout=out, stderr=err)
    assert ended.value.code == 2
    assert out.getvalue() == ""
    return err.getvalue().splitlines()


# -- what is run ---------------------------------------------------------------------


def test_it_runs_the_calm_spec_and_prints_the_engine_s_own_document() -> None:
    assert document() == run(CALM, Program.correct()).document


@pytest.mark.parametrize("name", list(PRESETS))
def test_a_preset_is_a_spec_to_start_from(name: str) -> None:
    spec = document("--preset", name, "--epochs", "2")["spec"]
    assert spec == replace(PRESETS[name], epochs=2).as_dict()


def test_every_setting_is_an_option() -> None:
    wanted = RunSpec(
        rows=200,
        batch_size=30,
        epochs=2,
        hidden=4,
        optimizer="rmsprop",
        lr=0.003,
        data_seed=5,
        seed=6,
        alterations="label-leak,outlier",
    )
    options = [f"--{name.replace('_', '-')}={value}" for name, value in wanted.as_dict().items()]
    assert {*wanted.as_dict(), "table"} == {field.name for field in fields(RunSpec)}
    assert document(*options)["spec"] == wanted.as_dict()


def test_lines_arrange_the_batch_body() -> None:
    body = document("--lines", "zero_grad,forward,loss,step,backward")
    assert body["program"] == Program.parse("zero_grad,forward,loss,step,backward").as_list(CALM)
    assert body["updates"] == 50


def test_lines_with_the_batch_loop_are_a_whole_program() -> None:
    spelling = Program.correct().spelling().replace("eval_mode:1,", "")
    ids = [line["id"] for line in document("--lines", spelling)["program"]]
    assert ids == [name for name in CORRECT if name != "eval_mode"]


def test_a_diverged_run_is_strict_json() -> None:
    diverged = document("--lr", "1e9", "--optimizer", "momentum")
    assert diverged["status"] == "finished"
    assert "inf" in [step["update_norm"] for step in diverged["steps"]]


# -- what is refused -----------------------------------------------------------------


def test_a_refused_spec_is_told_one_line_per_reason() -> None:
    reasons = refusal("--rows", "5", "--batch-size", "2", "--lr", "fast")
    assert sorted(reason.split(":")[0] for reason in reasons) == ["--lr", "--rows"]
    assert all(reason.endswith(".") for reason in reasons)


def test_a_refused_preset_is_told() -> None:
    (reason,) = refusal("--preset", "wild")
    assert reason.startswith("--preset: ")
    assert "calm, published, bench" in reason


def test_refused_lines_are_told() -> None:
    (reason,) = refusal("--lines", "zero_grad,import_os")
    assert reason.startswith("--lines: Line 2, 'import_os'")


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(CommandError, match="--momentum"):
        train("--momentum", "0.9")


def test_a_busy_pool_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Crowded:
        def run(self, *_: object, **__: object) -> None:
            raise Busy(3)

    monkeypatch.setattr("trainer.management.commands.train.executor", Crowded)
    with pytest.raises(CommandError, match="Try again in 3 s"):
        train()


# -- what is printed -----------------------------------------------------------------


def test_a_table_has_a_line_per_epoch_with_its_figures() -> None:
    found = run(CALM, Program.correct()).document
    lines = train().splitlines()
    head = next(index for index, line in enumerate(lines) if line.split()[:1] == ["epoch"])
    last = found["epochs"][-1]
    assert [line.split()[0] for line in lines[head + 1 : head + 6]] == ["1", "2", "3", "4", "5"]
    assert lines[head + 5].split()[1] == f"{last['running_loss']:.4g}"
    assert lines[head + 5].split()[-1] == f"{last['heldout_accuracy']:.1%}"
    assert f"Epoch 5: {last['observation']}" in lines
    assert found["digest"] in lines[-1]


def test_a_failed_program_is_told_with_its_line() -> None:
    said = train("--lines", "zero_grad,loss,forward,backward,step")
    number = (
        Program.parse("zero_grad,loss")
        .source(CALM)
        .splitlines()
        .index("        loss = criterion(logits, y)")
    )
    assert "failed at step 1: NameError: name 'logits' is not defined" in said
    assert f"  line {number + 1}: loss = criterion(logits, y)\n" in said


def test_a_stopped_run_says_where() -> None:
    found = run(CALM, Program.correct()).document
    error = {"type": "Stopped", "message": "Enough.", "line": 1, "step": 7}
    said = report(found | {"status": "stopped", "error": error})
    assert f"Stopped at step 7: Enough.\n  line 1: {found['source'].splitlines()[0]}\n" in said


def test_a_run_without_a_loss_has_no_curve() -> None:
    said = train("--lines", "zero_grad,forward")
    assert "│" not in said
    assert "No loss" in said


def test_list_lines_prints_id_section_level_and_source_of_each() -> None:
    lines = train("--list-lines", "--optimizer", "sgd").splitlines()
    assert [line.split()[0] for line in lines] == list(VOCABULARY)
    step = next(line for line in lines if line.startswith("optimizer "))
    assert step.split(maxsplit=3)[1:] == [
        "setup", "0", "optimizer = torch.optim.SGD(model.parameters(), lr=lr)"
    ]  # fmt: skip


def test_a_terminal_sees_progress_and_is_left_clean() -> None:
    out, err = StringIO(), Terminal()
    long = ("--batch-size", "1", "--epochs", "1", "--hidden", "64")
    call_command("train", "--json", *long, stdout=out, stderr=err, no_color=True)
    shown = [part.strip() for part in err.getvalue().split("\r")]
    steps = [int(part.split()[1]) for part in shown if part.startswith("step ")]
    assert json.loads(out.getvalue())["status"] == "finished"
    assert steps == sorted(steps)
    assert "of 1000" in err.getvalue()
    assert shown[-2:] == ["", ""]
    assert err.getvalue().endswith("\r")


# -- the curve -----------------------------------------------------------------------


def columns(losses: list[float | None]) -> list[str]:
    """The curve's columns from the bottom up, without the scale."""
    rows = [line.partition("│")[2].ljust(60) for line in curve(losses) if "│" in line]
    return ["".join(cells).rstrip() for cells in zip(*reversed(rows), strict=True)]


def test_the_curve_falls_from_a_full_column_to_the_lowest_block() -> None:
    drawn = columns([2.0, 1.5, 1.0])
    assert drawn[:4] == ["████████", "████▁", "▁", ""]


def test_neighbouring_steps_share_a_column() -> None:
    drawn = columns([float(index // 2) for index in range(120)])
    assert "".join(drawn[0] + drawn[-1]) == "▁████████"
    assert drawn == sorted(drawn, key=len)


def test_the_curve_marks_what_is_not_finite_and_leaves_out_what_is_absent() -> None:
    lines = list(curve([1.0, float("nan"), None, 0.5]))
    assert columns([1.0, float("nan"), None, 0.5])[:4] == ["████████", "×", "", "▁"]
    assert lines[-1].split(maxsplit=1) == ["×", "not a finite number"]


def test_a_curve_of_nothing_finite_can_be_drawn() -> None:
    assert columns([float("inf"), float("nan")])[:2] == ["×", "×"]


# -- as an operator runs it ----------------------------------------------------------


def manage(data: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "train", *options],
        env=environment(data),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_command_ends_with_the_promised_codes(tmp_path: Path) -> None:
    failed = manage(tmp_path, "--json", "--lines", "backward")
    assert failed.returncode == 0, failed.stderr
    assert json.loads(failed.stdout)["error"]["type"] == "NameError"
    assert failed.stderr == ""
    refused = manage(tmp_path, "--lr", "0")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "--lr: Must be above 0. Try 0.02.\n"
    assert manage(tmp_path, "--momentum", "1").returncode == 2
    assert not list(tmp_path.glob("*.sqlite3"))


# -- a table of one's own ------------------------------------------------------------


def test_it_trains_on_a_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_bytes(csv_of(rows=60))
    options = ("--dataset", "csv", "--csv", str(file), "--batch-size", "9")
    found = document(*options)
    assert found == run(RunSpec(**found["spec"]), Program.correct()).document
    assert found["spec"]["table"] == read(csv_of(rows=60)).text()
    assert (found["data"]["train_rows"], found["data"]["heldout_rows"]) == (45, 15)
    assert train(*options).startswith("csv: 45 rows in batches of 9")


def test_the_class_may_be_another_column(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    lines = [f"{'ab'[row % 2]},{row}" for row in range(40)]
    file.write_text("\n".join(["side,size", *lines]), encoding="utf-8")
    options = ("--dataset", "csv", "--csv", str(file), "--batch-size", "9")
    found = document(*options, "--csv-class", "side")
    assert found["data"]["class_names"] == ["a", "b"]
    assert refusal(*options)[0] == "--csv: Row 2, column side: 'a' is no number."


def test_a_file_that_is_no_table_is_refused_with_its_reasons(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_bytes(b"a,b\n" + b"1;x\n" * 40)
    said = refusal("--dataset", "csv", "--csv", str(file))
    assert said[0] == "--csv: Row 2 has 1 value, the header has 2."
    assert (len(said), said[-1]) == (11, "--csv: And 30 more like these.")


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--dataset", "csv"), "--dataset: csv needs its file: --csv FILE."),
        (("--csv", "x.csv"), "--csv: Only --dataset csv reads a file."),
        (("--dataset", "csv", "--csv", "/nowhere/x.csv"), "--csv: No such file or directory."),
        (("--dataset", "csv", "--csv", "/"), "--csv: Is a directory."),
    ],
)
def test_a_file_that_is_not_there_or_not_asked_for_is_told(
    options: tuple[str, ...], why: str
) -> None:
    assert refusal(*options) == [why]


def test_an_endless_file_is_not_read_to_its_end() -> None:
    assert refusal("--dataset", "csv", "--csv", "/dev/zero") == [
        "--csv: The file is too large: 200 KB is the limit."
    ]
