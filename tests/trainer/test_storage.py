"""Traces in the database: equal keys share a row, and nothing is lost on the way."""

import json
import logging
from dataclasses import replace

import pytest

from tests.staging import SHORT, cut_short, short
from trainer.engine import execute
from trainer.engine.program import Program
from trainer.engine.trace import Trace
from trainer.models import StoredTrace
from trainer.storage import family_of, keep

pytestmark = pytest.mark.django_db


def test_equal_runs_share_one_row() -> None:
    first = keep(short())
    again = keep(execute.run(SHORT, Program.correct()))
    assert first.pk == again.pk
    assert StoredTrace.objects.count() == 1
    assert str(first) == short().document["digest"][:12]


def test_runs_that_differ_have_rows_of_their_own() -> None:
    traces = [short(), short(seed=1), short(lr=0.1), short("forward,loss,backward,step")]
    assert len({keep(trace).pk for trace in traces}) == len(traces)


@pytest.mark.parametrize("optimizer", ["sgd", "adamw"])
def test_what_is_not_a_number_comes_back_as_it_was(optimizer: str) -> None:
    trace = short(optimizer=optimizer, lr=1e9)
    keep(trace)
    row = StoredTrace.objects.get()
    strict = json.loads(row.document, parse_constant=pytest.fail)
    assert strict == trace.document
    assert bytes(row.tensors) == trace.tensors
    assert row.engine_trace.fingerprint() == row.digest


def test_a_failed_run_is_a_result_of_its_program() -> None:
    trace = short("loss,forward")
    row = keep(trace)
    assert (row.key, row.digest) == (trace.document["key"], trace.document["digest"])


def test_a_run_that_was_cut_short_does_not_stand_for_its_spec() -> None:
    stopped = cut_short()
    assert stopped.document["status"] == "stopped"
    assert stopped.document["key"] == short().document["key"]
    assert keep(stopped).pk != keep(short()).pk
    whole = StoredTrace.objects.get(key=short().document["key"])
    assert whole.digest == short().document["digest"]


def test_a_family_differs_by_its_seed_alone() -> None:
    others = [short(seed=seed) for seed in (1, 2)]
    assert {family_of(trace) for trace in others} == {family_of(short())}
    strangers = [
        short(lr=0.1),
        short(epochs=3),
        short(data_seed=2),
        short(optimizer="sgd"),
        short("forward,loss,backward,step"),
    ]
    families = {family_of(trace) for trace in strangers}
    assert len(families) == len(strangers)
    assert family_of(short()) not in families


def test_another_engine_is_another_family() -> None:
    document = short().document
    versions = document["versions"]
    for name in ("engine", "torch", "cpu"):
        other = Trace(document | {"versions": versions | {name: "other"}}, b"")
        assert family_of(other) != family_of(short())


def test_a_difference_between_equal_runs_is_an_error_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    first = keep(short())
    other = replace(short(), document=short().document | {"digest": "f" * 64})
    with caplog.at_level(logging.ERROR):
        again = keep(other)
    assert again.pk == first.pk
    assert "ffffffffffff" in caplog.text
    assert StoredTrace.objects.get().digest == short().document["digest"]
