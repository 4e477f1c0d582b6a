"""The atlas holds what PyTorch answers to each arrangement, and its page tells it as measured."""

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from itertools import permutations
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from course.lab.atlas import charting
from course.lab.atlas.charting import current_atlas, ensure_atlas
from course.lab.atlas.outcomes import ADDING, KINDS, SPEC, arrangements, outcomes
from tests.staging import nothing_written, rolled_back, text, trained
from trainer.engine.program import Program
from trainer.engine.trace import Trace
from trainer.engine.vocabulary import CORE
from trainer.executors import executor
from trainer.likeness import ended_alike

pytestmark = pytest.mark.django_db

COUNTS = {
    "same": 4, "late": 3, "adds": 1, "late-adds": 1, "still": 50,
    "no-logits": 107, "no-loss": 155, "in-place": 5,
}  # fmt: skip


def run_of(lines: str) -> Trace:
    return trained(SPEC, Program.parse(lines))


@pytest.fixture(scope="module")
def charted(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The atlas, once for all tests of this module."""
    with django_db_blocker.unblock(), rolled_back(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(executor(), "run", lambda spec, program, **_: trained(spec, program))
        assert ensure_atlas() == 326
        patch.undo()
        yield


def found() -> list[dict[str, Any]]:
    atlas = current_atlas()
    assert atlas
    outcomes: list[dict[str, Any]] = atlas.outcomes
    return outcomes


def test_there_are_326_arrangements_and_each_is_another() -> None:
    orders = list(arrangements())
    assert len(orders) == len(set(orders)) == 326
    assert orders[0] == ""
    assert orders[-120:] == [",".join(order) for order in permutations(CORE, 5)]


@pytest.mark.usefixtures("charted")
def test_the_groups_are_those_that_the_engine_s_own_tests_found() -> None:
    assert Counter(each["kind"] for each in found()) == COUNTS


@pytest.mark.usefixtures("charted")
def test_what_runs_to_its_end_falls_into_groups_with_equal_parameters() -> None:
    groups = Counter(each["group"] for each in found() if not each["error"])
    assert sorted(groups.values()) == [1, 1, 3, 4, 50]
    kinds = {(each["kind"], each["group"]) for each in found() if not each["error"]}
    assert len(kinds) == 5


@pytest.mark.usefixtures("charted")
def test_kinds_are_told_by_the_runs_themselves() -> None:
    kinds = {each["lines"]: each["kind"] for each in found()}
    correct, adding = run_of(",".join(CORE)), run_of(ADDING)
    for lines, kind in kinds.items():
        if kind == "same":
            assert ended_alike(run_of(lines), correct)
        if kind == "adds":
            assert ended_alike(run_of(lines), adding)
    assert kinds["step,forward,loss,backward"] == "late-adds"
    assert kinds["step,zero_grad,forward,loss,backward"] == "late"
    assert kinds[""] == kinds["forward,loss,backward,zero_grad,step"] == "still"


@pytest.mark.usefixtures("charted")
def test_an_error_names_the_line_that_raised_it() -> None:
    errors = {each["lines"]: (each["error"], each["at"]) for each in found() if each["error"]}
    assert errors["loss,forward"] == ("NameError", "loss")
    assert errors["forward,loss,step,backward"] == ("RuntimeError", "backward")


def test_kinds_that_no_arrangement_has_are_told_apart_too() -> None:
    indented = trained(SPEC, Program.parse("forward:3"))
    correct, adding = run_of(",".join(CORE)), run_of(ADDING)
    traces = {
        ",".join(CORE): correct,
        ADDING: adding,
        "other": run_of("forward,softmax,loss,backward,step"),
        "odd": indented,
    }
    kinds = {each.lines: each.kind for each in outcomes(traces)}
    assert kinds == {",".join(CORE): "same", ADDING: "adds", "other": "elsewhere", "odd": "error"}


# -- charting --------------------------------------------------------------------------


@pytest.mark.usefixtures("charted")
def test_it_is_made_once_for_an_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ensure_atlas() == 0
    monkeypatch.setattr(charting, "ENGINE_VERSION", "another")
    assert current_atlas() is None


# -- the page --------------------------------------------------------------------------

CELL = re.compile(r'<li><a class="cell kind-([\w-]+)" href="([^"]+)" title="([^"]+)"')


@pytest.mark.usefixtures("charted")
def test_the_map_has_a_link_for_each_arrangement_and_the_legend_counts_them(
    client: Client,
) -> None:
    with nothing_written():
        page = client.get("/lab/atlas/").content.decode()
    cells = CELL.findall(page)
    assert Counter(kind for kind, *_ in cells) == COUNTS
    words = text(page)
    for slug, count in COUNTS.items():
        assert f"{KINDS[slug].name}: {count}" in words
    assert "Goes elsewhere" not in words
    assert "59 come to their end, and 4 of them train as the correct loop" in words


@pytest.mark.usefixtures("charted")
def test_a_link_opens_its_arrangement_in_the_lab(client: Client) -> None:
    cells = CELL.findall(client.get("/lab/atlas/").content.decode())
    for _, href, title in [*cells[:20], *cells[-5:]]:
        lines = title.partition(":")[0].replace(", ", ",").replace("none of the five", "")
        page = client.get(unescape(href)).content.decode()
        assert f'name="lines" value="{Program.parse(lines).spelling()}"' in page


@pytest.mark.usefixtures("charted")
@pytest.mark.parametrize("slug", COUNTS)
def test_one_kind_can_be_looked_at_alone(client: Client, slug: str) -> None:
    page = client.get(f"/lab/atlas/?outcome={slug}").content.decode()
    assert Counter(kind for kind, *_ in CELL.findall(page)) == {slug: COUNTS[slug]}
    table = client.get(f"/lab/atlas/?outcome={slug}&view=table").content.decode()
    assert table.count('<tr><th scope="row"') == COUNTS[slug]


@pytest.mark.usefixtures("charted")
def test_the_table_tells_each_with_its_figures(client: Client) -> None:
    page = client.get("/lab/atlas/?view=table").content.decode()
    assert page.count('<tr><th scope="row"') == 326
    last = run_of(",".join(CORE)).document["epochs"][-1]
    row = text(page[page.index("zero_grad, forward, loss, backward, step</a>") :][:600])
    assert f"{last['running_loss']:.3f}" in row
    assert f"{last['heldout_accuracy']:.3f}" in row


@pytest.mark.usefixtures("charted")
@pytest.mark.parametrize("query", ["outcome=nothing", "view=tree", "outcome=%00", "page=2"])
def test_an_odd_query_shows_the_whole_map(client: Client, query: str) -> None:
    response = client.get(f"/lab/atlas/?{query}")
    assert response.status_code == 200
    assert len(CELL.findall(response.content.decode())) == 326
