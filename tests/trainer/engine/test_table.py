"""Runs on a table of one's own: the spec carries it, and all that is made of it follows."""

import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.tables import csv_of
from tests.trainer.test_script import execute, losses_of, step_lines
from trainer.engine.csv_file import read
from trainer.engine.data import rows_of
from trainer.engine.execute import names_of, run, run_plain
from trainer.engine.names import Names, cut
from trainer.engine.probes import spec_of
from trainer.engine.program import Program
from trainer.engine.replay import row, step
from trainer.engine.spec import RunSpec, SpecError
from trainer.engine.surveys import REPLAYS
from trainer.engine.table import OWN, Table, facts_of
from trainer.engine.trace import Trace
from trainer.exercise import exercise_of, is_example
from trainer.script import script_of

TABLE = read(csv_of(rows=61))
SPEC = RunSpec.parse({"dataset": OWN, "batch_size": 10, "epochs": 3, "hidden": 5}, TABLE.text())


@pytest.fixture(scope="module")
def trace() -> Trace:
    return run(SPEC, Program.correct())


def test_one_row_in_four_is_held_out_and_none_twice() -> None:
    train, heldout = rows_of(SPEC)
    assert (len(train), len(heldout)) == (46, 15) == (SPEC.rows, SPEC.facts.heldout)
    found = [
        (*x, float(y))
        for rows in (train, heldout)
        for x, y in zip(rows.x.tolist(), rows.y, strict=True)
    ]
    kept = torch.tensor(TABLE.rows).tolist()
    assert sorted(found) == sorted(tuple(each) for each in kept)


def test_the_data_seed_says_which_and_rows_only_how_many_are_used() -> None:
    other = rows_of(replace(SPEC, data_seed=2))
    fewer = rows_of(replace(SPEC, rows=20))
    assert not torch.equal(rows_of(SPEC)[1].x, other[1].x)
    assert torch.equal(rows_of(SPEC)[1].x, fewer[1].x)
    assert torch.equal(rows_of(SPEC)[0].x[:20], fewer[0].x)


def test_no_process_remembers_the_rows() -> None:
    assert rows_of(SPEC)[0].x is not rows_of(SPEC)[0].x


def test_the_document_tells_the_table(trace: Trace) -> None:
    document = trace.document
    assert document["status"] == "finished"
    assert Table.of(document["spec"]["table"]) == TABLE
    assert document["data"]["feature_names"] == ["width", "height"]
    assert document["data"]["class_names"] == ["left", "middle", "right"]
    assert sum(document["data"]["class_counts"]) == 46
    assert document["layout"][0]["shape"] == [5, len(TABLE.features)]
    assert Names.of(document).label(2) == "class 2 (right)"
    assert json.loads(trace.text()) == document | {"id": None}


def test_the_key_and_the_digest_depend_on_every_value_and_name(trace: Trace) -> None:
    first, *rest = TABLE.rows
    others = [
        replace(TABLE, rows=((first[0] + 0.001, *first[1:]), *rest)),
        replace(TABLE, features=("another", *TABLE.features[1:])),
        replace(TABLE, classes=("another", *TABLE.classes[1:])),
    ]
    specs = [replace(SPEC, table=table.text()) for table in others]
    documents = [trace.document, *(run(spec, Program.correct()).document for spec in specs)]
    assert len({document["key"] for document in documents}) == 4
    assert len({document["digest"] for document in documents}) == 4
    assert run(SPEC, Program.correct()).document["digest"] == trace.document["digest"]


def test_every_replay_works_from_the_trace_alone(trace: Trace) -> None:
    again = Trace.read(trace.text(), trace.tensors)
    assert spec_of(again) == SPEC
    asked: dict[str, Any] = dict.fromkeys(("step", "along", "dealing", "heldout", "moments"), 1)
    asked |= {"ledger": ["0.weight", 0, 0], "through": ["heldout", 0, 1]}
    for kind, ask in REPLAYS.items():
        assert json.dumps(ask(again, asked.get(kind, 0)), allow_nan=False)
    assert step(again, 1)["loss"] == pytest.approx(trace.document["steps"][0]["loss"])
    assert row(again, 14)["label"] == int(rows_of(SPEC)[1].y[14])


@pytest.mark.parametrize("alterations", ["", "label-leak,outlier", "shuffled-labels"])
def test_the_script_repeats_the_run(alterations: str, tmp_path: Path) -> None:
    document = run(replace(SPEC, alterations=alterations), Program.correct()).document
    done = execute(document, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert step_lines(done.stdout) == losses_of(document)


def test_the_script_ends_in_the_very_weights(trace: Trace, tmp_path: Path) -> None:
    path = tmp_path / "script.py"
    path.write_text(script_of(trace.document) + WEIGHTS, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", str(path)], capture_output=True, text=True, check=True
    )
    ended = next(line for line in done.stdout.splitlines() if line.startswith("["))
    assert json.loads(ended) == list(trace.tensor("parameters")[-1].flat)


WEIGHTS = "print(torch.cat([each.flatten() for each in model.parameters()]).tolist())\n"


def test_the_exercise_holds_the_rows_and_tells_a_right_loop(trace: Trace, tmp_path: Path) -> None:
    assert is_example(trace.document)
    text = exercise_of(trace.document)
    source = trace.document["source"]
    begins = source.index("for epoch")
    at = text.index("# ---- your loop ends")
    path = tmp_path / "exercise.py"
    path.write_text(text[:at] + source[begins:] + "\n" + text[at:], encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", str(path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Right:")


def test_it_is_a_spec_within_the_same_bounds() -> None:
    text = TABLE.text()
    assert SPEC.parameters == sum(
        each.numel() for each in run_plain(SPEC, Program.correct())["model"].parameters()
    )
    assert names_of(SPEC)["classes"] == 3
    for bad, field in (
        ({"rows": 47}, "rows"),
        ({"batch_size": 47}, "batch_size"),
        ({"table": "x"}, "table"),
    ):
        with pytest.raises(SpecError) as refused:
            RunSpec.parse({"dataset": OWN, "batch_size": 10} | bad, text)
        assert set(refused.value.errors) == {field}
    with pytest.raises(SpecError) as refused:
        RunSpec.parse({"dataset": OWN})
    assert set(refused.value.errors) == {"dataset"}


def test_settings_are_all_but_the_table() -> None:
    assert SPEC.as_dict() == SPEC.settings() | {"table": TABLE.text()}
    assert "table" not in RunSpec().as_dict()
    assert TABLE.text() not in repr(SPEC)


def test_a_spec_without_a_table_is_spelled_as_it_was() -> None:
    spelled = hashlib.sha256(RunSpec().canonical().encode()).hexdigest()
    assert spelled == "454e1f5e91f9b9092520a4c72e4948b46df6f1b8ce3753fa26dfc286754e8ae2"


def test_facts_are_of_this_very_table() -> None:
    facts = facts_of(OWN, TABLE.text())
    assert (facts.rows, facts.heldout, facts.decimals) == (46, 15, 4)
    assert "61 rows" in facts.about
    assert not any(name in facts.about for name in (*TABLE.features, TABLE.label))


def test_a_name_is_cut_where_a_drawing_has_no_room() -> None:
    assert cut("second variety") == "second variety"
    assert cut("n" * 40) == "n" * 14 + "…"
    assert cut("長" * 20) == "長" * 6 + "…"
