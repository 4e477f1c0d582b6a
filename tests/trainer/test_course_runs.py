"""The course's own runs: all there, each once, made anew only when they are out of date."""

import pytest

from tests.staging import trained
from trainer import models
from trainer.course_runs import BAND_SEEDS, course_run, ensure_course_runs, other_seeds, wanted
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS, RunSpec
from trainer.executors import executor
from trainer.models import Run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run is made once for all tests."""
    monkeypatch.setattr(executor(), "run", lambda spec, program, **_: trained(spec, program))


def test_they_are_made_once() -> None:
    assert ensure_course_runs() == len(wanted())
    before = list(Run.objects.values_list("pk", "name", "trace"))
    assert ensure_course_runs() == 0
    assert list(Run.objects.values_list("pk", "name", "trace")) == before


def test_they_are_what_their_names_say() -> None:
    ensure_course_runs()
    for name, asked in wanted().items():
        run = course_run(name)
        assert run is not None
        assert (run.owner, run.status) == (None, "finished")
        assert (run.run_spec(), run.run_program()) == (asked.spec, asked.program)
        trace = run.load()
        assert trace is not None
        assert trace.document["spec"] == asked.spec.as_dict()
    published = course_run("published")
    assert published is not None
    assert published.run_spec() == PRESETS["published"]


def test_everybody_sees_them() -> None:
    ensure_course_runs()
    assert Run.objects.visible_to(None).count() == len(wanted())


def test_a_preset_has_a_band_of_at_least_eight_other_seeds() -> None:
    seeds = {asked.spec.seed for name, asked in wanted().items() if name.startswith("calm-seed")}
    assert len(seeds - {PRESETS["calm"].seed}) >= 8


def test_before_the_course_is_loaded_there_is_none() -> None:
    assert course_run("calm") is None


@pytest.mark.parametrize(
    "change",
    [
        {"spec": RunSpec(lr=0.5).as_dict()},
        {"program": Program.parse("forward").spelling()},
        {"trace": None, "status": "interrupted"},
    ],
)
def test_one_that_is_out_of_date_is_made_anew_under_its_old_id(change: dict[str, object]) -> None:
    ensure_course_runs()
    calm = course_run("calm")
    Run.objects.filter(name="calm").update(**change)
    assert ensure_course_runs() == 1
    again = course_run("calm")
    assert again == calm
    assert again is not None
    assert again.run_spec() == PRESETS["calm"]
    assert again.status == "finished"


def test_another_engine_makes_them_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    ensure_course_runs()
    monkeypatch.setattr(models, "ENGINE_VERSION", "another")
    assert ensure_course_runs() == len(wanted())


def test_one_that_is_missing_is_made(alice: object) -> None:
    ensure_course_runs()
    Run.objects.filter(name="zero-between").delete()
    assert ensure_course_runs() == 1
    assert course_run("zero-between") is not None


def test_other_seeds_leave_out_the_own() -> None:
    specs = other_seeds(RunSpec(seed=3))
    assert [spec.seed for spec in specs] == [seed for seed in BAND_SEEDS if seed != 3]
    assert {spec.lr for spec in specs} == {RunSpec().lr}
    assert len(other_seeds(RunSpec(seed=10**6))) == len(BAND_SEEDS)
