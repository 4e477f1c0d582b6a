"""docs/contract.md says what the code does: settings, trace keys, addresses."""

import re
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve

from trainer.engine.alterations import ALTERATIONS
from trainer.engine.execute import run
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS, RunSpec

PAGE = (Path(__file__).parent.parent / "docs" / "contract.md").read_text(encoding="utf-8")


def _section(title: str) -> str:
    return PAGE.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def _first_column(section: str) -> list[str]:
    rows = re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def test_the_page_lists_every_setting_with_its_default() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \|.*\| `?([^`|]+?)`? \|$", _section("Settings of a run"), re.MULTILINE
    )
    assert dict(rows) == {name: str(value) for name, value in RunSpec().as_dict().items()}


def test_the_page_lists_every_alteration() -> None:
    paragraph = next(
        text for text in _section("Settings of a run").split("\n\n") if "`alterations`" in text
    )
    assert set(re.findall(r"`([^`]+)`", paragraph)) == {"alterations", *ALTERATIONS}


def test_the_page_lists_every_key_of_a_trace_document() -> None:
    document = run(PRESETS["calm"], Program.correct()).document
    assert set(_first_column(_section("Trace document"))) == set(document)


@pytest.mark.parametrize(("list_name", "row"), [("epochs", "epochs"), ("steps", "steps")])
def test_the_page_lists_what_each_row_holds(list_name: str, row: str) -> None:
    document = run(PRESETS["calm"], Program.correct()).document
    line = next(
        line for line in _section("Trace document").splitlines() if line.startswith(f"| `{row}` |")
    )
    assert set(re.findall(r"`(\w+)`", line)) - {row} >= set(document[list_name][0]) - {row}


@pytest.mark.parametrize("address", _first_column(_section("Addresses")))
def test_every_address_of_the_page_is_there(address: str) -> None:
    path = address.replace("<id>", "abcdefghjk").replace("<key>", "0" * 32).replace("<n>", "1")
    path = path.replace("<lesson>", "loss").replace("<uid>", "MQ").replace("<token>", "0-0")
    path = path.replace("<name>", "outlier")
    try:
        resolve(path)
    except Resolver404:
        pytest.fail(f"{address} leads nowhere")
