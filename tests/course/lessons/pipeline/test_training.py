"""What the training trace says: the band of other seeds, the published figures, the verdict."""

import math
import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from course.accounts.models import User
from course.lessons.pipeline.published import PUBLISHED, published
from course.lessons.pipeline.training import training
from tests.course.lessons.pipeline.claims import same
from tests.staging import cut_short, short, stored, trained
from trainer.bands import MIN_BAND
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS, RunSpec
from trainer.engine.trace import Trace
from trainer.models import Run
from trainer.storage import keep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

BAND = re.compile(
    r"The band is drawn from (\d+) other seeds under the same settings, lowest to highest at each "
    r"epoch on its own\. (\d+) of them ended with a lower running loss than this run's ([\d.]+)\."
)


def of(spec: RunSpec) -> Trace:
    return trained(spec, Program.correct())


def told(trace: Trace, owner: User) -> dict[str, Any]:
    return training(stored(trace, owner), trace)


def last_loss(trace: Trace) -> float:
    return float(trace.document["epochs"][-1]["running_loss"])


# -- the band --------------------------------------------------------------------------------


@pytest.mark.parametrize("preset", ["calm", "published"])
@pytest.mark.parametrize("seed", [3, 138, 4711])
def test_the_band_s_sentence_counts_other_seeds(alice: User, preset: str, seed: int) -> None:
    mine = of(replace(PRESETS[preset], seed=seed))
    found = BAND.fullmatch(told(mine, alice)["band"])
    assert found
    # The course has seeds 1 to 12 and that of the preset; twelve others are drawn at the most.
    others = sorted({*range(1, 13), PRESETS[preset].seed} - {seed})[:12]
    losses = [last_loss(of(replace(PRESETS[preset], seed=other))) for other in others]
    assert int(found[1]) == len(others)
    assert int(found[2]) == sum(loss < last_loss(mine) for loss in losses)
    same(found[3], last_loss(mine))


def test_too_few_seeds_make_no_band_and_are_offered(alice: User) -> None:
    for seed in range(MIN_BAND - 1):
        keep(short(seed=seed))
    shown = told(short(), alice)
    assert shown["band"] == ""
    assert shown["offer_band"]
    keep(short(seed=MIN_BAND))
    shown = training(Run.objects.of(alice)[0], short())
    assert BAND.fullmatch(shown["band"])
    assert not shown["offer_band"]


@pytest.mark.parametrize(("optimizer", "lr"), [("sgd", 1e9), ("adamw", 1e9)])
def test_a_band_that_leaves_all_numbers_is_not_told(alice: User, optimizer: str, lr: float) -> None:
    spec = replace(RunSpec(), optimizer=optimizer, lr=lr)
    others = [of(replace(spec, seed=seed)) for seed in range(12)]
    for other in others:
        keep(other)
    mine = of(spec)
    finite = all(
        math.isfinite(float(epoch["running_loss"]))
        for trace in [*others, mine]
        for epoch in trace.document["epochs"]
    )
    shown = told(mine, alice)
    assert bool(shown["band"]) == finite
    assert not shown["offer_band"]


def test_a_run_that_was_stopped_is_not_counted_against_whole_ones(alice: User) -> None:
    for seed in range(MIN_BAND):
        keep(short(seed=seed))
    stopped = cut_short(at=2)
    assert stopped.document["epochs"]
    assert told(stopped, alice)["band"] == ""


def test_a_failed_run_is_offered_no_band(alice: User) -> None:
    shown = told(short("loss,forward"), alice)
    assert shown["band"] == ""
    assert not shown["offer_band"]


# -- the published figures -------------------------------------------------------------------


@pytest.fixture
def shown(alice: User) -> dict[str, Any]:
    """The section as a learner with a run sees it."""
    found = published(stored(short(), alice), short())
    assert found is not None
    return found


def test_the_table_holds_what_is_printed_and_what_the_run_did(shown: dict[str, Any]) -> None:
    document = of(PRESETS["published"]).document
    rows = [[cell["text"] for cell in row["cells"]] for row in shown["table"]["rows"]]
    errors = []
    for epoch, texts, (loss, accuracy) in zip(document["epochs"], rows, PUBLISHED, strict=True):
        assert float(texts[1]) == loss
        assert float(texts[3]) == accuracy
        same(texts[2], epoch["running_loss"])
        same(texts[4], epoch["running_accuracy"])
        errors += [abs(float(texts[2]) - loss), abs(float(texts[4]) - accuracy)]
    assert float(shown["largest_error"]) == round(max(errors), 3)


def test_the_leap_is_told_as_it_was(shown: dict[str, Any]) -> None:
    document = of(PRESETS["published"]).document
    losses = [step["loss"] for step in document["steps"]]
    told = " ".join(shown["facts"])
    found = re.search(
        r"At step (\d+) the loss leaps from ([\d.]+) to ([\d.]+)\. The update before was too long: "
        r"with learning rate ([\d.]+) it never leaps\.",
        told,
    )
    assert found
    step, rate = int(found[1]), float(found[4])
    same(found[2], losses[step - 2])
    same(found[3], losses[step - 1])
    assert losses[step - 1] > max(losses[: step - 1])
    shorter = of(replace(PRESETS["published"], lr=rate)).document["steps"]
    highest = 0.0
    for before, after in pairwise(shorter):
        highest = max(highest, before["loss"])
        assert not after["loss"] > highest * (1 + 3 / math.sqrt(after["rows"]))


def test_the_first_epoch_is_told_with_and_without_the_leap(shown: dict[str, Any]) -> None:
    first = [step for step in of(PRESETS["published"]).document["steps"] if step["epoch"] == 1]
    told = " ".join(shown["facts"])
    leap = re.search(r"At step (\d+)", told)
    found = re.search(
        r"So the first epoch averages ([\d.]+), above the ([\d.]+) of a model that gives every "
        r"class the same odds\. Without that one batch it would be ([\d.]+)\.",
        told,
    )
    assert leap
    assert found
    mean = math.fsum(step["loss"] * step["rows"] for step in first) / 1000
    others = [step for step in first if step["step"] != int(leap[1])]
    without = math.fsum(step["loss"] * step["rows"] for step in others) / 900
    same(found[1], mean)
    same(found[2], math.log(3))
    same(found[3], without)
    assert without < math.log(3) < mean


def test_the_other_facts_are_true(shown: dict[str, Any]) -> None:
    told = " ".join(shown["facts"])
    theirs, smaller = of(PRESETS["published"]), of(replace(PRESETS["published"], lr=0.02))
    if found := re.search(r"(\d+) of (\d+) hidden units end silent", told):
        assert int(found[1]) == theirs.document["silent_units"] > int(found[2]) // 2
        assert int(found[2]) == 64
    found = re.search(
        r"learning rate 0\.02 gets ([\d.]+) of the held-out rows right, against ([\d.]+)\.$",
        next(fact for fact in shown["facts"] if fact.startswith("The same network")),
    )
    assert found
    same(found[1], smaller.document["epochs"][-1]["heldout_accuracy"])
    same(found[2], theirs.document["epochs"][-1]["heldout_accuracy"])
    assert float(found[1]) > float(found[2])
    found = re.search(
        r"Seed (\d+) was not the first one tried: .* Of (\d+) other seeds at this rate, "
        r"(\d+) average more than ([\d.]+) in the first epoch\.",
        told,
    )
    assert found
    others = [of(replace(PRESETS["published"], seed=seed)) for seed in range(1, 13)]
    above = sum(float(o.document["epochs"][0]["running_loss"]) > math.log(3) for o in others)
    assert (int(found[1]), int(found[2]), int(found[3])) == (138, 12, above)
    same(found[4], math.log(3))


def test_the_facts_are_these_and_no_others(shown: dict[str, Any]) -> None:
    known = ("At step ", "So the first epoch ", "The same network and seed ", "Seed 138 ")
    left = [
        fact
        for fact in shown["facts"]
        if not fact.startswith(known) and "hidden units end silent" not in fact
    ]
    assert left == []


def test_the_comparison_tells_where_both_end(shown: dict[str, Any]) -> None:
    found = re.fullmatch(
        r"The published settings end at ([\d.]+), the calm ones at ([\d.]+)\.",
        shown["charts"][0]["says"],
    )
    assert found
    same(found[1], last_loss(of(PRESETS["published"])))
    same(found[2], last_loss(of(PRESETS["calm"])))


@pytest.mark.parametrize(
    "trace",
    [
        of(PRESETS["calm"]),
        of(PRESETS["published"]),
        of(RunSpec(seed=5)),
        of(RunSpec(optimizer="sgd", lr=1e-6)),
        of(RunSpec(optimizer="adamw", lr=1e9)),
        of(PRESETS["iris"]),
        of(RunSpec(data_seed=2)),
        short("loss,forward"),
    ],
    ids=["calm", "published", "seed 5", "crawling", "diverged", "iris", "other rows", "failed"],
)
def test_the_verdict_compares_held_out_rows(alice: User, trace: Trace) -> None:
    shown = published(stored(trace, alice), trace)
    assert shown is not None
    theirs = of(PRESETS["published"]).document["epochs"][-1]["heldout_accuracy"]
    mine = trace.document["epochs"][-1]["heldout_accuracy"]
    rows = {"dataset": "synthetic", "data_seed": 1}
    if mine is None or not rows.items() <= trace.document["spec"].items():
        assert shown["verdict"] == ""
        return
    better = re.fullmatch(
        r"Your run does better: ([\d.]+) of them, against ([\d.]+)\.", shown["verdict"]
    )
    other = re.fullmatch(
        r"Your run gets ([\d.]+) of them right, the published one ([\d.]+)\.", shown["verdict"]
    )
    found = better or other
    assert found
    assert bool(better) == (mine > theirs)
    same(found[1], mine)
    same(found[2], theirs)


def test_the_course_s_own_runs_get_no_verdict() -> None:
    calm = Run.objects.select_related("trace").get(name="calm")
    trace = calm.load()
    assert trace is not None
    shown = published(calm, trace)
    assert shown is not None
    assert shown["verdict"] == ""


def test_without_the_course_s_runs_nothing_is_compared(alice: User) -> None:
    Run.objects.filter(name="published").delete()
    assert published(stored(short(), alice), short()) is None
