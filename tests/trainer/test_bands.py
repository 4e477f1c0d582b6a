"""Bands: other seeds of the same settings, whole runs only, each made once."""

from dataclasses import replace

import pytest
from pytest_django import DjangoAssertNumQueries

from course.accounts.models import User
from tests.staging import SHORT, cut_short, short, stored, trained, without_trace
from trainer.bands import MAX_BAND, band_of, make_band
from trainer.course_runs import BAND_SEEDS
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.executors import executor
from trainer.executors.contract import Busy
from trainer.models import Run, StoredTrace
from trainer.storage import keep

pytestmark = pytest.mark.django_db

Asked = list[RunSpec]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What the executor was asked to run, each made once for all tests."""
    specs: Asked = []

    def run(spec: RunSpec, program: Program, **_: object) -> object:
        specs.append(spec)
        return trained(spec, program)

    monkeypatch.setattr(executor(), "run", run)
    return specs


def seeds(run: Run) -> list[int]:
    return [trace.document["spec"]["seed"] for trace in band_of(run)]


def test_a_band_holds_the_other_seeds_of_the_same_settings(alice: User, bob: User) -> None:
    mine = stored(short(seed=5), alice)
    for seed in (9, 2):
        stored(short(seed=seed), bob)
    keep(short(seed=4))
    for other in (short(lr=0.5), short("forward,loss"), short(data_seed=2), short(epochs=3)):
        keep(other)
    assert seeds(mine) == [2, 4, 9]


def test_a_band_knows_no_tensors(alice: User) -> None:
    keep(short(seed=1))
    (other,) = band_of(stored(short(), alice))
    assert other.tensors == b""
    assert other.document == short(seed=1).document


def test_a_band_is_no_larger_than_it_says_something(alice: User) -> None:
    for seed in range(MAX_BAND + 3):
        keep(short(seed=seed))
    assert seeds(stored(short(), alice)) == list(range(MAX_BAND))


def test_a_run_that_was_cut_short_is_in_no_band(alice: User) -> None:
    keep(cut_short(spec=replace(SHORT, seed=1)))
    keep(cut_short())
    keep(short(seed=2))
    assert seeds(stored(short(), alice)) == [2]


def test_a_run_without_a_trace_has_no_band(alice: User) -> None:
    keep(short(seed=1))
    assert band_of(without_trace(alice, "pending")) == []


def test_it_makes_the_seeds_that_are_missing(alice: User, asked: Asked) -> None:
    keep(short(seed=3))
    run = stored(short(seed=5), alice)
    make_band(run, alice)
    made = [spec.seed for spec in asked]
    assert made == [seed for seed in BAND_SEEDS if seed not in (3, 5)]
    assert seeds(run) == [seed for seed in BAND_SEEDS if seed != 5]
    assert {spec.as_dict()["lr"] for spec in asked} == {SHORT.lr}


def test_it_makes_nothing_twice(alice: User, asked: Asked) -> None:
    run = stored(short(), alice)
    make_band(run, alice)
    asked.clear()
    make_band(run, alice)
    assert asked == []


def test_it_adds_no_runs_to_anyone_s_list(alice: User, asked: Asked) -> None:
    make_band(stored(short(), alice), alice)
    assert Run.objects.count() == 1


def test_it_keeps_what_was_made_until_a_runner_was_missing(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = 3

    def run(spec: RunSpec, program: Program, **_: object) -> object:
        nonlocal left
        left -= 1
        if left < 0:
            raise Busy(3)
        return trained(spec, program)

    monkeypatch.setattr(executor(), "run", run)
    mine = stored(short(), alice)
    with pytest.raises(Busy):
        make_band(mine, alice)
    assert len(band_of(mine)) == 3


def test_a_band_costs_one_query(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for seed in range(5):
        keep(short(seed=seed))
    run = Run.objects.select_related("trace").get(pk=stored(short(), alice).pk)
    with django_assert_num_queries(1):
        band_of(run)
    assert StoredTrace.objects.count() == 6
