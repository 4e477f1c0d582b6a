"""Runs side by side: what differs, whether that is more than seeds do, and any kind of run."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.accounts.models import User
from course.lab.compare.charts import compared
from course.lab.compare.diff import program_diff, settings_of
from course.lab.compare.spread import Ended, verdict
from tests.forms import forms
from tests.staging import browser, cut_short, short, stored, text, trained, without_trace
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS, RunSpec
from trainer.models import Run, Sweep

pytestmark = pytest.mark.django_db

MANY = 12
NAN, INF = float("nan"), float("inf")


def page(viewer: User, *runs: Run, status: int = 200) -> str:
    query = "&".join(f"run={run.pk}" for run in runs)
    response = browser(viewer).get(f"/runs/compare/?{query}")
    assert response.status_code == status
    return response.content.decode()


def every_kind(owner: User) -> list[Run]:
    return [
        stored(short(), owner),
        stored(short(lr=0.5), owner),
        stored(short("loss,forward"), owner),
        stored(short("zero_grad"), owner),
        stored(cut_short(at=2), owner),
        stored(trained(RunSpec(optimizer="adamw", lr=1e9), Program.correct()), owner),
        stored(trained(PRESETS["iris"], Program.correct()), owner),
        without_trace(owner, "pending"),
        without_trace(owner, "interrupted", reasons={"run": "Lost."}),
        without_trace(owner, "refused", spec={"lr": "-3"}, reasons={"lr": "Above 0."}, program=""),
    ]


# -- the page --------------------------------------------------------------------------------


def test_any_two_runs_compare(alice: User) -> None:
    for pair in combinations(every_kind(alice), 2):
        said = text(page(alice, *pair))
        assert "2 runs side by side" in said
        assert all(f"run {run.badge}" in said for run in pair)


def test_six_runs_compare_and_more_are_left_out(alice: User) -> None:
    runs = every_kind(alice)
    assert "6 runs side by side" in text(page(alice, *runs[:6]))
    assert "4 more were left out" in text(page(alice, *runs))
    assert "1 more was left out" in text(page(alice, *runs[:7]))


def test_settings_that_differ_stand_apart_from_those_that_do_not(alice: User) -> None:
    found = page(alice, stored(short(), alice), stored(short(lr=0.5), alice))
    table = found.partition("Settings that differ")[2].partition("</table>")[0]
    assert "Learning rate" in table
    assert "Epochs" not in table
    assert "Epochs" in found.partition("What is the same in all of them")[2]


def test_lines_that_differ_are_told_in_words(alice: User) -> None:
    body = "zero_grad,forward,loss,backward"
    found = page(alice, stored(short(), alice), stored(short(body), alice))
    assert "A only optimizer.step()" in text(found)
    assert "Those that ran, ran the same lines" not in found
    same = page(alice, stored(short(), alice), stored(short(seed=2), alice))
    assert "Those that ran, ran the same lines" in same


def test_a_run_of_somebody_else_is_not_there(alice: User, bob: User) -> None:
    mine, theirs = stored(short(), alice), stored(short(), bob)
    page(alice, mine, theirs, status=404)


def test_fewer_than_two_are_a_choice(alice: User) -> None:
    assert "There are not two runs yet" in text(page(alice))
    one = stored(short(), alice)
    stored(short(seed=2), alice)
    for runs in ((), (one,), (one, one)):
        found = page(alice, *runs)
        assert found.count('name="run"') == 2
        assert found.count(" checked") == (1 if runs else 0)


def test_the_list_of_runs_lets_one_choose(alice: User) -> None:
    runs = [stored(short(), alice), stored(short(seed=2), alice)]
    found = browser(alice).get("/runs/").content.decode()
    for run in runs:
        assert f'name="run" value="{run.pk}"' in found
        assert f"Choose run {run.badge}" in found


def test_a_run_page_offers_others_of_other_settings(alice: User, bob: User) -> None:
    run, same, other = stored(short(), alice), stored(short(), alice), stored(short(lr=0.5), alice)
    stored(short(lr=0.7), bob)
    found = browser(alice).get(run.get_absolute_url()).content.decode()
    offered = found.partition('id="other"')[2].partition("</select>")[0]
    assert other.pk in offered
    assert "learning rate 0.5" in offered
    assert same.pk not in offered
    assert offered.count("<option") == 1


def test_the_other_seeds_of_a_run_are_a_sweep_away(alice: User) -> None:
    runs = [stored(short(lr=lr), alice) for lr in (0.1, 0.5)]
    assert "cannot be said" in text(page(alice, *runs))
    ways = [
        form
        for form in forms(page(alice, *runs).encode())
        if form.about.get("action") == "/lab/sweeps/"
    ]
    client = browser(alice)
    for way in ways:
        address = client.post("/lab/sweeps/", way)["Location"]
        for _ in range(MANY):
            client.post(f"{address}next/")
    assert {sweep.setting for sweep in Sweep.objects.all()} == {"seed"}
    said = text(page(alice, *runs))
    assert "Seeds alone spread it by" in said
    assert "Run the other seeds" not in said


# -- what is said ------------------------------------------------------------------------------


def ended(name: str, accuracy: float | None, *others: float | None, family: str = "") -> Ended:
    return Ended(name, family or name, accuracy, others)


def said(*runs: Ended) -> str:
    return " ".join(verdict(runs))


def seeds(low: float, high: float) -> list[float]:
    return [low, high] * 4


def test_a_difference_within_the_seeds_is_swallowed() -> None:
    words = said(ended("A", 0.86, *seeds(0.84, 0.89)), ended("B", 0.87, *seeds(0.85, 0.88)))
    assert "differ by 0.010: 0.860 in A, 0.870 in B." in words
    assert "Seeds alone spread it by 0.050 in A, 0.030 in B" in words
    assert "swallowed" in words


def test_a_difference_beyond_the_seeds_is_larger() -> None:
    words = said(ended("A", 0.5, *seeds(0.48, 0.52)), ended("B", 0.9, *seeds(0.89, 0.91)))
    assert "larger than the spread of the seeds" in words


def test_a_tie_is_neither() -> None:
    words = said(ended("A", 0.8, *seeds(0.8, 0.9)), ended("B", 0.9, *seeds(0.9, 0.9)))
    assert "as large, and no larger" in words


def test_without_other_seeds_nothing_can_be_said() -> None:
    assert "cannot be said" in said(ended("A", 0.8), ended("B", 0.9, *[0.8] * 7))


def test_one_band_holds_the_other_run_against_it() -> None:
    words = said(ended("A", 0.85, *seeds(0.8, 0.9)), ended("B", 0.9), ended("C", 0.5))
    assert "The seeds of A lie between 0.800 and 0.900." in words
    assert "B lies within that" in words
    assert "C lies outside of that." in words
    assert "Of B and C no other seeds were run" in words


def test_runs_of_one_family_differ_by_their_seed_alone() -> None:
    words = said(ended("A", 0.8, family="f"), ended("B", 0.9, family="f"))
    assert words == "A and B differ by their seed alone, by 0.100 at most."


def test_equal_ends_are_equal() -> None:
    assert "ended with the same held-out accuracy, 0.800" in said(ended("A", 0.8), ended("B", 0.8))


def test_what_has_no_figure_is_left_out_by_name() -> None:
    words = said(ended("A", 0.8), ended("B", None), ended("C", NAN), ended("D", 0.9))
    assert "A and D differ by 0.100" in words
    assert "B and C left no such figure" in words
    assert "Fewer than two" in said(ended("A", 0.8), ended("B", INF))


FIGURES = st.one_of(st.none(), st.floats())


@given(st.lists(st.tuples(FIGURES, st.lists(FIGURES, max_size=12)), min_size=2, max_size=6))
def test_there_is_always_something_to_say_and_no_nan_in_it(
    runs: list[tuple[float | None, list[float | None]]],
) -> None:
    words = said(*(ended("ABCDEF"[at], a, *others) for at, (a, others) in enumerate(runs)))
    assert words.endswith(".")
    assert "nan" not in words


def test_a_diff_gives_both_texts_back() -> None:
    one, other = "a\nb\nc\n", "a\nx\nc\nd\n"
    lines = program_diff(one, other)
    assert [line.text for line in lines if line.sign != "+"] == one.splitlines()
    assert [line.text for line in lines if line.sign != "-"] == other.splitlines()
    assert [(line.sign, line.text) for line in lines if line.sign] == [
        ("-", "b"), ("+", "x"), ("+", "d"),
    ]  # fmt: skip


def test_a_setting_that_one_run_lacks_differs() -> None:
    (lr, extra) = settings_of([{"lr": 0.1}, {"lr": 0.1, "x": "y"}])
    assert not lr.differs
    assert (extra.label, extra.values) == ("x", ("\N{EN DASH}", "y"))


def test_two_runs_have_a_chart_of_every_batch_and_three_have_none() -> None:
    two = {"A": short(), "B": short(lr=0.5)}
    titles = [chart["title"] for chart in compared(two)]
    assert titles[-1] == "Loss of every batch by step"
    assert len(compared(two | {"C": short(seed=2)})) == len(titles) - 1


def test_curves_far_apart_stand_on_a_scale_of_powers() -> None:
    charts = compared({"A": short(), "B": short(optimizer="sgd", lr=1e6)})
    running = charts[0]["figure"]["layout"]["yaxis"]
    assert running["type"] == "log"
    accuracy = charts[2]["figure"]["layout"]["yaxis"]
    assert "type" not in accuracy
    assert accuracy["range"] == [0.0, 1.0]


def test_each_run_keeps_its_pattern_where_another_has_no_curve() -> None:
    charts = compared({"A": short("zero_grad"), "B": short()})
    (line,) = charts[0]["figure"]["data"]
    assert (line["name"], line["line"]["dash"]) == ("B", "5px,4px")
    assert "A measured none." in charts[0]["says"]
