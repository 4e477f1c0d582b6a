"""What the figures say that set a run beside two of the course's, computed again."""

from dataclasses import replace

import pytest

from course.lessons.lesson.figures import FIGURES
from tests.course.drawings.svg import parsed, words
from tests.course.lessons.lesson.said import RUNS, Said, apart, column, made, same, trace_of, whole
from tests.staging import short, trained
from trainer.course_runs import course_run, wanted
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS, RunSpec
from trainer.engine.trace import Trace
from trainer.models import Run

everywhere = pytest.mark.parametrize("name", RUNS)

# -- beside two runs of the course -----------------------------------------------------------------

beside = Said()


@beside.claim(r"Solid: this run\. Dashed: the course's run `(\w+)`, `published`\.")
def _dashed(trace: Trace, field: str, badge: str) -> None:
    run = course_run("published")
    assert run
    assert run.badge == badge
    assert run.run_spec() == PRESETS["published"]


def published() -> Trace:
    return trained(PRESETS["published"], Program.correct())


@beside.claim(r"Both are the same run, number for number\.")
def _itself(trace: Trace, field: str) -> None:
    assert trace.document["steps"] == published().document["steps"]
    assert trace.tensors == published().tensors


@beside.claim(r"Its settings are those of this run; its lines are not\.")
def _lines(trace: Trace, field: str) -> None:
    assert trace.document["spec"] == published().document["spec"]
    assert trace.document["source"] != published().document["source"]


@beside.claim(r"It has ([^.]+(?:\.\d+[^.]*)*)\.(?= |$)")
def _unlike(trace: Trace, field: str, listed: str) -> None:
    own, other = trace.document["spec"], published().document["spec"]
    unlike = [name for name in own if own[name] != other.get(name)]
    assert len(listed.split("; ")) == len(unlike) > 0
    for name in unlike:
        value = f"{own[name]:g}" if isinstance(own[name], float) else str(own[name])
        assert f"(here {value})" in listed


@beside.claim(r"With other rows the heights cannot be compared, only the shapes\.")
def _other_rows(trace: Trace, field: str) -> None:
    assert trace.document["spec"]["dataset"] != "synthetic"


@beside.claim(
    r"After epoch 5 it has a ([a-z -]+) of FIGURE"
    r"(?:; this run measured none|, this run after epoch INT one of FIGURE)\."
)
def _ends(trace: Trace, field: str, *found: str | None) -> None:
    noun, theirs, epoch, mine = found
    assert noun
    assert theirs
    assert noun.replace("held-out", "heldout").replace(" ", "_") == field
    same(theirs, published().document["epochs"][-1][field])
    last = trace.document["epochs"][-1]
    assert (mine is None) == (last[field] is None)
    if mine and epoch:
        assert whole(epoch) == last["epoch"]
        same(mine, last[field])


@beside.claim(
    r"In `published` the loss of a batch leaps from FIGURE to FIGURE at step INT, with learning "
    r"rate 0\.09\. With 0\.02 and all else alike \(run `(\w+)`, `published-smaller-step`\) it "
    r"never does\."
)
def _leap(trace: Trace, field: str, before: str, after: str, step: str, badge: str) -> None:
    run = course_run("published-smaller-step")
    assert run
    assert run.badge == badge
    steps = published().document["steps"]
    same(before, steps[whole(step) - 2]["loss"])
    same(after, steps[whole(step) - 1]["loss"])
    known = [each["loss"] for each in steps]
    assert known[whole(step) - 1] == max(known) > 1.5 * known[whole(step) - 2]
    asked = wanted()["published-smaller-step"]
    assert asked.spec == RunSpec(hidden=64, lr=0.02)
    calm = [each["loss"] for each in trained(asked.spec, asked.program).document["steps"]]
    assert max(calm) == max(calm[:2])


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
@everywhere
def test_beside_the_published_run(name: str) -> None:
    trace = trace_of(name)
    for field in ("running_loss", "heldout_loss", "running_accuracy", "heldout_accuracy"):
        figure = made(FIGURES["published-beside"], trace, {"beside": field})
        assert (figure is None) == (not trace.document["epochs"])
        if figure is None:
            continue
        beside.check(figure.says, trace, field)
        seen = words(parsed(figure.drawing))
        assert "published" in seen
        assert ("this run" in seen) == bool(column(trace.document, field).isfinite().any())


few = Said()


def memorised() -> Trace:
    asked = wanted()["few-rows"]
    return trained(asked.spec, asked.program)


@few.claim(
    r"Dashed: training rows\. Solid: held-out rows\. The course's run `(\w+)`, `few-rows`: 50 "
    r"training rows, 64 hidden units\."
)
def _few(trace: Trace, badge: str) -> None:
    run = course_run("few-rows")
    assert run
    assert run.badge == badge
    assert (run.spec["rows"], run.spec["hidden"]) == (50, 64)


@few.claim(r"From the end of epoch INT on every training row is right\.")
def _since(trace: Trace, epoch: str) -> None:
    known = column(memorised().document, "accuracy")
    assert (known[whole(epoch) - 1 :] == 1).all()
    assert known[whole(epoch) - 2] < 1


@few.claim(
    r"The held-out loss is lowest after epoch INT, FIGURE, and FIGURE after epoch 60; FIGURE of "
    r"the held-out rows are right then\."
)
def _turns(trace: Trace, best: str, lowest: str, end: str, right: str) -> None:
    known = column(memorised().document, "heldout_loss")
    assert whole(best) - 1 == int(known.argmin())
    same(lowest, known.min().item())
    same(end, known[-1].item())
    same(right, memorised().document["epochs"][-1]["heldout_accuracy"])


@few.claim(
    r"In this run, after epoch INT, FIGURE of the training rows are right and FIGURE of the "
    r"held-out rows, FIGURE apart\."
)
def _mine(trace: Trace, epoch: str, train: str, heldout: str, gap: str) -> None:
    last = trace.document["epochs"][-1]
    assert whole(epoch) == last["epoch"]
    same(train, last["accuracy"])
    same(heldout, last["heldout_accuracy"])
    apart(gap, last["accuracy"], last["heldout_accuracy"])


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("name", ["calm", "diverged", "failed at once", "adam, seed 3"])
@pytest.mark.parametrize("noun", ["loss", "accuracy"])
def test_the_run_on_few_rows(name: str, noun: str) -> None:
    figure = made(FIGURES["few-rows"], trace_of(name), {"memory": noun})
    assert figure
    few.check(figure.says, trace_of(name))
    assert {"training", "held-out"} <= set(words(parsed(figure.drawing)))


@pytest.mark.django_db
@pytest.mark.parametrize("figure", ["published-beside", "few-rows"])
def test_before_the_course_has_runs_there_is_nothing_beside(figure: str) -> None:
    Run.objects.exclude(name="").delete()
    assert made(FIGURES[figure], short()) is None


# -- what the lesson and its questions claim of these runs ---------------------------------------


def test_the_claim_that_fifty_rows_are_learnt_by_heart() -> None:
    """All training rows right, held-out rows not; one loss goes on falling, the other climbs."""
    document = memorised().document
    assert document["epochs"][-1]["accuracy"] == 1
    assert document["epochs"][-1]["heldout_accuracy"] < 0.9
    train, heldout = (column(document, name) for name in ("loss", "heldout_loss"))
    best = int(heldout.argmin())
    assert heldout[-1] > 1.3 * heldout[best]
    assert train[-1] < 0.05 * train[best]
    assert (train[best:].diff() < 0).all()


def test_the_claim_that_the_published_run_leaps_and_the_calm_one_does_not() -> None:
    known = [each["loss"] for each in published().document["steps"]]
    assert known[1] > 1.5 * known[0]
    assert known[-1] < known[0]
    calm = trained(PRESETS["calm"], Program.correct()).document["steps"]
    assert max(each["loss"] for each in calm) < 1.1 * calm[0]["loss"]
    assert (PRESETS["calm"].lr, PRESETS["published"].lr) == (0.02, 0.09)


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
def test_what_was_done_to_the_rows_sets_a_run_apart() -> None:
    spec = replace(PRESETS["published"], alterations="sorted-labels")
    figure = made(FIGURES["published-beside"], trained(spec, Program.correct()))
    assert figure is not None
    assert "It has done to the rows nothing (here sorted-labels)." in figure.says
