"""The page of an autopsy: what it says of each kind of run, and the way on."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.accounts.models import User
from course.drawings.log_axis import LogAxis, around
from course.lab.autopsy import words
from course.lab.autopsy.chart import chain_chart, says
from tests.forms import forms
from tests.staging import browser, cut_short, short, stored, text, trained, without_trace
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.executors import executor
from trainer.executors.contract import Busy
from trainer.models import Run

pytestmark = pytest.mark.django_db

ADAMW = RunSpec(optimizer="adamw", lr=1e9)
BY_HAND = (
    "init_seed,shuffle_seed,bounds,model,criterion,optimizer,loader,for_epoch,for_batch,"
    "scale_by_hand,zero_grad,forward,loss,backward,step"
)


def page(run: Run, viewer: User) -> str:
    response = browser(viewer).get(f"{run.get_absolute_url()}autopsy/")
    assert response.status_code == 200
    return response.content.decode()


def test_it_names_step_line_and_tensor_and_offers_smaller_steps(alice: User) -> None:
    run = stored(trained(ADAMW, Program.correct()), alice)
    found = page(run, alice)
    said = text(found)
    assert "In step 4 (epoch 1, batch 4), line 20 gave logits with 200 inf and 100 −inf" in said
    assert "beyond 3.4e38" in said
    assert "layer 2 of the model" in said
    assert "3 updates came before it." in said
    assert "Run with learning rate 1e+08" in said
    assert "<svg" in found


def test_a_smaller_step_is_one_click_away(alice: User) -> None:
    run = stored(trained(ADAMW, Program.correct()), alice)
    client = browser(alice)
    ways = [
        dict(form) for form in forms(page(run, alice).encode()) if form.about["action"] == "/runs/"
    ]
    assert [float(way["lr"]) for way in ways] == [1e8, 1e7]
    response = client.post("/runs/", ways[1])
    assert response.status_code == 303
    made = Run.objects.exclude(pk=run.pk).get()
    assert made.spec == run.spec | {"lr": 1e7}
    assert made.program == run.program


def test_what_came_of_no_update_is_no_matter_of_the_learning_rate(alice: User) -> None:
    trace = short(BY_HAND, alterations="constant-column")
    found = page(stored(trace, alice), alice)
    assert "0 / 0 is not a number" in text(found)
    assert "No update came before it" in text(found)
    assert "Run with learning rate" not in text(found)


def test_a_length_that_overflows_is_told_from_a_tensor_that_does(alice: User) -> None:
    run = stored(trained(replace(ADAMW, optimizer="sgd"), Program.correct()), alice)
    said = text(page(run, alice))
    assert "Every number that the lines of this run made is finite." in said
    assert "What is not is the length of the update, first in step 3." in said
    assert "Run with learning rate 1e+08" in said


def test_a_run_that_stayed_finite_says_so(alice: User) -> None:
    for trace in (short(), short("loss,forward"), short(lr=5.0), cut_short(at=2)):
        assert "This run never left the finite numbers" in page(stored(trace, alice), alice)


def test_a_run_without_a_trace_has_nothing_to_look_into(alice: User) -> None:
    for status in ("pending", "interrupted", "refused"):
        assert "left no trace" in page(without_trace(alice, status), alice)


def test_while_every_runner_is_busy_it_asks_to_come_back(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replay(*args: object) -> object:
        raise Busy(3)

    run = stored(trained(replace(ADAMW, seed=2), Program.correct()), alice)
    monkeypatch.setattr(executor(), "replay", replay)
    assert "Reload the page in a moment" in page(run, alice)


def test_a_run_page_leads_there_where_there_is_something_to_see(alice: User) -> None:
    client = browser(alice)
    for trace, leads in ((trained(ADAMW, Program.correct()), True), (short(), False)):
        run = stored(trace, alice)
        shown = client.get(run.get_absolute_url()).content.decode()
        assert (f"/runs/{run.pk}/autopsy/" in shown) is leads


# -- words and drawings ----------------------------------------------------------------------


def test_every_operation_has_a_sentence() -> None:
    found = {"operation": "", "layer": None}
    for name in ("overflow", "inf-inf", "0/0", "x/0", "0*inf", "mixed"):
        assert words.cause(found | {"operation": name})


def test_a_chain_of_one_step_is_no_chart() -> None:
    only = {"step": 1, "parameter": 0.3, "logit": None, "loss": None}
    assert chain_chart([only | {"gradient": None, "update": None}]) == ""
    assert says([only]) == "No step came before it."


@given(st.lists(st.floats(), min_size=1))
def test_an_axis_holds_every_value_above_zero(values: list[float]) -> None:
    axis = around("x", values)
    for value in values:
        if 1e-299 < value < 1e299:
            assert -1e-6 <= axis.share(value) <= 1 + 1e-6
        elif not value > 0:
            assert axis.share(value) != axis.share(value)
    assert len(axis.ticks(5)) >= 2


def test_ticks_are_powers_of_ten() -> None:
    assert [words for _, words in LogAxis("x", 1e-3, 1.0).ticks(5)] == ["0.001", "0.01", "0.1", "1"]
    assert [words for _, words in LogAxis("x", 1.0, 1e38).ticks(5)][-1] == "1e30"
