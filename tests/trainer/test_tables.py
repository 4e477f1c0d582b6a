"""Tables of learners: added once, up to a number, trained on by their owner alone."""

from dataclasses import replace
from http import HTTPStatus

import pytest
from django.http import QueryDict

from course.accounts.models import User
from course.lab.sweeps.grid import Typed, plan_of
from tests.staging import alice, bob, browser, nothing_changed, without_trace
from tests.tables import csv_of, own_table, run_on
from trainer import owners, storage
from trainer.attempts import GONE, attempt
from trainer.bands import band_of, make_band
from trainer.engine.csv_file import read
from trainer.engine.program import Program
from trainer.executors import executor
from trainer.forms import RunForm
from trainer.models import Run, StoredTrace, Sweep
from trainer.own_tables import OwnTable
from trainer.pairs import found_in
from trainer.runs import Asked, Refused
from trainer.runs import read as asked
from trainer.storage import Gone
from trainer.sweeps import begin_sweep, next_point
from trainer.tables import MOST, TooManyTables, add

__all__ = ["alice", "bob"]

pytestmark = pytest.mark.django_db

TABLE = read(csv_of())


def posted(owner: User | None, dataset: str, **changes: str) -> RunForm:
    fields = {"dataset": dataset, "batch_size": "10", "epochs": "2", "hidden": "4"} | changes
    data = QueryDict(mutable=True)
    data.update(fields)
    return RunForm(data, owner=owner)


# -- adding ----------------------------------------------------------------------------------


def test_the_same_table_is_one_row_of_its_owner(alice: User, bob: User) -> None:
    first, is_new = add(alice, "a", TABLE)
    again, is_new_again = add(alice, "b", TABLE)
    assert (first, is_new, is_new_again) == (again, True, False)
    assert again.name == "a"
    theirs, is_theirs_new = add(bob, "c", TABLE)
    assert (is_theirs_new, theirs.sha256) == (True, first.sha256)
    assert theirs.pk != first.pk


def test_there_is_a_number_that_nobody_goes_beyond(alice: User, bob: User) -> None:
    made = [own_table(alice, raw=csv_of(seed=seed)) for seed in range(MOST)]
    with nothing_changed(), pytest.raises(TooManyTables):
        own_table(alice, raw=csv_of(seed=99))
    assert own_table(alice, raw=csv_of(seed=3)) == made[3]
    assert own_table(bob, raw=csv_of(seed=99))
    made[0].delete()
    assert own_table(alice, raw=csv_of(seed=99))


# -- choosing --------------------------------------------------------------------------------


def test_the_form_offers_one_s_own_and_nobody_else_s(alice: User, bob: User) -> None:
    mine, theirs = own_table(alice, "<b>mine</b>"), own_table(bob, "theirs")
    html = str(RunForm.starting_from("calm", alice)["dataset"])
    assert f'value="csv:{mine.pk}"' in html
    assert "&lt;b&gt;mine&lt;/b&gt;" in html
    assert theirs.pk not in html
    assert "csv" not in str(RunForm.starting_from("calm")["dataset"])


def test_the_form_of_a_table_suits_it(alice: User) -> None:
    table = own_table(alice, raw=csv_of(rows=30))
    form = RunForm.suited_to(table)
    values = {name: str(form[name].value()) for name in form.fields}
    assert values["dataset"] == f"csv:{table.pk}"
    sent = posted(alice, **values)
    assert sent.is_valid()
    assert sent.asked
    assert sent.asked.spec.batches >= 5


def test_another_s_table_is_as_unknown_as_none(alice: User, bob: User) -> None:
    theirs = own_table(bob)
    said = set()
    for name in (theirs.pk, "2" * 10, "", "x" * 300, "%00", "../1", "é"):
        form = posted(alice, f"csv:{name}")
        assert not form.is_valid()
        said.add(form.errors["dataset"][0])
        with pytest.raises(Refused):
            asked({"dataset": f"csv:{theirs.pk}"}, None)
    assert len(said) == 1
    form = posted(alice, "csv")
    assert not form.is_valid()
    assert "your own data sets" in form.errors["dataset"][0]


def test_nobody_types_a_table(alice: User) -> None:
    form = posted(alice, "csv", table=TABLE.text())
    assert not form.is_valid()
    assert "Not a setting" in str(form.non_field_errors())


# -- running ---------------------------------------------------------------------------------


def test_a_run_stands_on_its_table(alice: User) -> None:
    table = own_table(alice)
    run = run_on(table)
    run.refresh_from_db()
    assert (run.status, run.table) == ("finished", table)
    assert "table" not in run.spec
    assert run.run_spec().table == table.text
    assert run.trace
    assert run.trace.table == table
    assert run.form()["dataset"] == f"csv:{table.pk}"
    shown = RunForm.showing(run.form(), alice)
    assert shown["dataset"].value() == f"csv:{table.pk}"


def test_equal_runs_share_a_trace_on_one_table_and_not_on_two(alice: User, bob: User) -> None:
    mine, theirs = own_table(alice), own_table(bob)
    runs = [run_on(mine), run_on(mine), run_on(theirs)]
    first, second, other = (run.trace for run in runs)
    assert first
    assert other
    assert first == second != other
    assert first.digest == other.digest
    assert first.family != other.family


def test_the_same_post_with_another_table_is_another_run(alice: User) -> None:
    one, two = own_table(alice), own_table(alice, raw=csv_of(seed=2))
    nonce = "n" * 32
    first = attempt(alice, posted(alice, f"csv:{one.pk}"), nonce)
    again = attempt(alice, posted(alice, f"csv:{one.pk}"), nonce)
    other = attempt(alice, posted(alice, f"csv:{two.pk}"), nonce)
    assert first.run == again.run
    assert other.status == HTTPStatus.CONFLICT


def test_a_band_is_made_on_the_table(alice: User) -> None:
    run = run_on(own_table(alice))
    make_band(run, alice)
    assert len(band_of(run)) == 12
    assert StoredTrace.objects.filter(table=run.table).count() == 13
    other = run_on(own_table(alice, raw=csv_of(seed=2)))
    assert band_of(other) == []


# -- going -----------------------------------------------------------------------------------


def test_a_table_that_goes_during_its_run_leaves_nothing(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = own_table(alice)
    train = executor().run

    def delete_meanwhile(*args: object, **options: object) -> object:
        trace = train(*args, **options)  # type: ignore[arg-type]
        OwnTable.objects.all().delete()
        return trace

    monkeypatch.setattr(executor(), "run", delete_meanwhile)
    came = attempt(alice, posted(alice, f"csv:{table.pk}"), "")
    assert (came.status, came.problem, came.run) == (HTTPStatus.CONFLICT, GONE, None)
    assert not Run.objects.exists()
    assert not StoredTrace.objects.exists()


def test_a_table_that_is_gone_before_its_run_begins_is_told(alice: User) -> None:
    table = own_table(alice)
    form = posted(alice, f"csv:{table.pk}")
    assert form.is_valid()
    table.delete()
    with nothing_changed():
        came = attempt(alice, form, "")
    assert (came.status, came.problem) == (HTTPStatus.CONFLICT, GONE)


def test_a_trace_on_a_table_that_is_gone_is_not_kept(alice: User) -> None:
    table = own_table(alice)
    trace = run_on(table).load()
    assert trace
    OwnTable.objects.all().delete()
    with nothing_changed(), pytest.raises(Gone):
        storage.keep(trace, table)


# -- another owner ---------------------------------------------------------------------------


def test_tables_go_to_a_new_owner_with_their_runs(alice: User, bob: User) -> None:
    table = own_table(alice)
    run = run_on(table)
    owners.hand_over(alice, bob)
    run.refresh_from_db()
    table.refresh_from_db()
    assert (table.owner, run.owner, run.table) == (bob, bob, table)
    assert run_on(table).trace == run.trace


def test_a_table_that_both_have_becomes_one(alice: User, bob: User) -> None:
    mine, theirs = own_table(alice), own_table(bob)
    runs = [run_on(mine), run_on(theirs)]
    owners.hand_over(alice, bob)
    alice.delete()
    assert list(OwnTable.objects.all()) == [theirs]
    for run in runs:
        run.refresh_from_db()
        assert (run.owner, run.table) == (bob, theirs)
        assert run.load()
    theirs.delete()
    assert not StoredTrace.objects.exists()


def test_a_run_under_way_has_no_trace_to_lose(alice: User) -> None:
    table = own_table(alice)
    spec = replace(run_on(table).run_spec(), seed=3).settings()
    without_trace(alice, "pending", spec=spec, table=table, program=Program.correct().spelling())
    table.delete()
    assert not Run.objects.exists()


# -- other rooms -----------------------------------------------------------------------------


def test_a_sweep_on_a_table_is_made_of_runs_on_it_and_goes_with_it(alice: User) -> None:
    table = own_table(alice)
    wanted = posted(alice, f"csv:{table.pk}")
    assert wanted.is_valid()
    assert wanted.asked
    plan = plan_of(wanted.asked, Typed("lr", "0.01, 0.1", 1))
    sweep = begin_sweep(alice, plan, "")
    assert "table" not in sweep.spec
    points = [next_point(sweep), next_point(sweep)]
    assert [point and point.table for point in points] == [table, table]
    sweep.refresh_from_db()
    assert next_point(sweep) is None
    table.delete()
    assert not Sweep.objects.exists()
    assert not Run.objects.exists()
    with pytest.raises(Gone):
        begin_sweep(alice, plan, "")


def test_the_run_beside_another_is_on_the_same_table(alice: User) -> None:
    one, two = own_table(alice), own_table(alice, raw=csv_of(seed=2))
    for run in (run_on(one), run_on(two)):
        wanted = Asked(run.run_spec(), Program.correct(), run.table)
        assert found_in(Run.objects.of(alice), wanted) == run


def test_the_lab_and_comparisons_know_one_table_from_another(alice: User) -> None:
    one, two = own_table(alice), own_table(alice, raw=csv_of(seed=2))
    run, other = run_on(one), run_on(two)
    client = browser(alice)
    for at in (f"/lab/?run={run.pk}", f"/lab/sweeps/?run={run.pk}"):
        page = client.get(at).content.decode()
        assert f'<option value="csv:{one.pk}" selected>' in page
        assert f'<option value="csv:{two.pk}">' in page
    page = client.get(f"/runs/compare/?run={run.pk}&run={other.pk}").content.decode()
    assert f"csv:{one.pk}" in page
    assert f"csv:{two.pk}" in page
