"""What the pages of runs say, against the documents that they say it of."""

import re
from typing import Any

import pytest
from django.utils import timezone

from tests.staging import cut_short, short
from trainer import pages
from trainer.causes import OF_A_KIND, cause_of
from trainer.engine.spec import RunSpec
from trainer.engine.trace import Trace
from trainer.models import ABANDONED, Run, StoredTrace

BROKEN = "loss,forward"


def unsaved(trace: Trace, **fields: Any) -> Run:
    document = trace.document
    values = {"status": document["status"], "spec": document["spec"], "owner_id": 1}
    return Run(**values | fields)


def facts(listed: list[dict[str, Any]]) -> dict[str, Any]:
    return {fact["name"]: fact["value"] for fact in listed}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.12345, "0.123"),
        (-0.5, "−0.500"),
        (9_999.0, "9999.000"),
        (12_345.0, "1.2e04"),
        (-2.34e-12, "0.000"),
        (-0.0, "0.000"),
        ("nan", "not a number"),
        ("inf", "infinite"),
        ("-inf", "infinite"),
        (None, "–"),
        (0, "0.000"),
    ],
)
def test_it_writes_figures_for_people(value: float | str | None, text: str) -> None:
    assert pages.shown(value) == text


def test_nonces_cannot_be_guessed() -> None:
    nonces = {pages.new_nonce() for _ in range(100)}
    assert len(nonces) == 100
    assert all(re.fullmatch(r"[0-9a-f]{32}", nonce) for nonce in nonces)


def test_a_badge_names_run_and_seed_and_whose_it_is() -> None:
    mine = unsaved(short(seed=7))
    badge = pages.badge_of(mine)
    assert (badge["name"], badge["seed"], badge["note"]) == (mine.pk[:4], 7, "")
    assert badge["href"] == f"/runs/{mine.pk}/"
    assert pages.badge_of(unsaved(short(), owner_id=None))["note"] == "the course's"


def test_a_badge_of_refused_settings_has_no_seed() -> None:
    assert pages.badge_of(Run(spec={"lr": "-1"}, owner_id=1))["seed"] == "?"


def test_the_epoch_table_holds_the_figures_of_the_document() -> None:
    trace = short()
    table = pages.epoch_table(trace.document, unsaved(trace))
    names = ("running_loss", "running_accuracy", "heldout_loss", "heldout_accuracy")
    for epoch, row in zip(trace.document["epochs"], table["rows"], strict=True):
        number, *figures, told = (cell["text"] for cell in row["cells"])
        assert number == str(epoch["epoch"])
        assert [float(figure) for figure in figures] == [round(epoch[n], 3) for n in names]
        assert told == epoch["observation"]
    assert len(table["columns"]) == len(table["rows"][0]["cells"])


def test_what_was_not_measured_is_a_dash_in_the_epoch_table() -> None:
    trace = short(BROKEN)
    (row,) = pages.epoch_table(trace.document, unsaved(trace))["rows"]
    assert [cell["text"] for cell in row["cells"]][1:5] == ["–"] * 4


def test_settings_are_told_in_the_words_of_the_form() -> None:
    told = facts(pages.settings_facts(short(lr=0.5).document["spec"]))
    assert float(told["Learning rate"]) == 0.5
    assert len(told) == len(RunSpec().as_dict())


def test_the_receipt_is_the_document_s() -> None:
    trace = short()
    run = unsaved(trace, created=timezone.now(), duration_ms=12)
    told = facts(pages.receipt(trace.document, run))
    document = trace.document
    assert (told["Key"], told["Digest"]) == (document["key"], document["digest"])
    assert told["Run"] == run.pk
    assert told["Time"].startswith("12 ms")
    assert told["PyTorch"] == document["versions"]["torch"]
    assert told["Parameters"] == 10 * 4 + 4 + 4 * 3 + 3
    assert told["Steps, calls of step()"] == "4, 4"


def test_a_receipt_without_a_time_leaves_it_out() -> None:
    run = unsaved(short(), created=timezone.now())
    assert "Time" not in facts(pages.receipt(short().document, run))


@pytest.mark.parametrize("lines", ["", BROKEN, "forward:4"])
def test_the_program_stands_line_by_line_with_the_error_s_line_marked(lines: str) -> None:
    document = short(lines).document
    listed = pages.program_lines(document)
    assert "\n".join(line["code"] for line in listed) + "\n" == document["source"]
    lit = [line["number"] for line in listed if line["lit"]]
    assert lit == ([document["error"]["line"]] if document["error"] else [])


@pytest.mark.parametrize(
    ("lines", "line", "said"),
    [
        (BROKEN, "loss = criterion(logits, y)", "NameError: name 'logits' is not defined"),
        ("forward,loss,backward,backward", "loss.backward()", "RuntimeError"),
        ("zero_grad:3", "optimizer.zero_grad()", "IndentationError"),
    ],
)
def test_an_error_is_told_with_its_place_and_python_s_words(
    lines: str, line: str, said: str
) -> None:
    document = short(lines).document
    error = pages.error_of(document)
    assert error is not None
    assert said in error["message"]
    assert error["cause"] == cause_of(document["error"])
    number = int(re.findall(r"line (\d+)", error["title"])[0])
    assert document["source"].splitlines()[number - 1].strip() == line


def test_a_run_that_went_well_has_no_error() -> None:
    assert pages.error_of(short().document) is None


def test_a_stopped_run_tells_why() -> None:
    error = pages.error_of(cut_short("Enough.").document)
    assert error is not None
    assert error["message"] == "Enough."
    assert error["cause"] == OF_A_KIND["Stopped"]


def test_a_row_of_the_list_holds_what_came_of_a_run() -> None:
    trace = short()
    run = unsaved(trace, created=timezone.now())
    run.trace = StoredTrace(document=trace.text())
    row = pages.run_row(run)
    last = trace.document["epochs"][-1]
    assert row["updates"] == 4
    assert float(row["loss"]) == round(last["running_loss"], 3)
    assert float(row["accuracy"]) == round(last["heldout_accuracy"], 3)
    assert "optimizer adam" in row["settings"]


def test_a_row_of_a_run_without_a_trace_holds_dashes() -> None:
    run = Run(status="refused", spec={"lr": "x" * 500}, created=timezone.now(), owner_id=1)
    row = pages.run_row(run)
    assert (row["updates"], row["loss"], row["accuracy"]) == ("–", "–", "–")
    assert row["state"] == "refused"
    assert len(row["settings"]) <= 100


def test_a_row_of_an_abandoned_run_calls_it_interrupted() -> None:
    created = timezone.now() - 2 * ABANDONED
    run = Run(status="pending", spec=RunSpec().as_dict(), created=created, owner_id=1)
    assert pages.run_row(run)["state"] == "interrupted"


def test_a_page_of_refused_settings_says_what_was_sent_and_why() -> None:
    run = Run(status="refused", spec={"lr": "-1"}, reasons={"lr": "No."}, owner_id=1)
    context = pages.run_context(run)
    assert [(fact["name"], fact["value"]) for fact in context["refusals"]] == [
        ("lr", "-1"),
        ("lr", "No."),
    ]
    assert "document" not in context


def test_what_was_done_to_the_rows_is_one_of_the_settings_that_are_told() -> None:
    plain, sorted_rows = RunSpec(), RunSpec(alterations="sorted-labels")
    assert "Done to the rows" not in {
        fact["name"] for fact in pages.settings_facts(plain.as_dict())
    }
    told = pages.settings_facts(sorted_rows.as_dict())
    assert told[-1] == {"name": "Done to the rows", "value": "sorted-labels"}
