"""Experiments in files: every slip is named with its line, and nothing is lost on the way back."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given

from course.lab.experiments import files
from course.lab.experiments.content import ExperimentFile
from course.lab.experiments.stored import as_file
from course.lab.models import Experiment
from tests.course.lab.experiments.read import EXPERIMENTS, experiments
from tests.course.lessons.folders import Load, replaced
from tests.course.lessons.test_slips import line_of, reasons

NAME = "backpropagation/experiments.toml"
FIRST = 'name = "forget-zero-grad"'


@given(experiments())
def test_any_experiment_is_read_as_it_was_written(said: ExperimentFile) -> None:
    text = files.written(said)
    (table,) = tomllib.loads(text)["experiment"]
    read, slips = files.read(table, said.stage, said.order)
    assert slips == []
    assert read == said
    assert files.written(said) == text
    assert read.fingerprint() == said.fingerprint()
    assert files.differences(read, said) == []


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        (FIRST, f"{FIRST}\ncolour = 1", "colour = 1", "'colour' is not known."),
        (FIRST, 'name = "No Name"', 'name = "No Name"', "'name' is empty, too long or no name."),
        ('misconception = "zero-between"', 'misconception = "moon"', '"moon"', "no misconception"),
        ("answer = 1", "answer = 9", "answer = 9", "answer: the number of an option"),
        ("answer = 1", 'answer = "1"', 'answer = "1"', "'answer' has the wrong type."),
        ('"forward, loss, backward, step"', '"forward, los"', '"forward, los"', "'los', is not in"),
        ("gradient_ratio last", "gradient_ratio", '"gradient_ratio"', "takes `first` or `last`"),
        ("lowest_loss", "lowest_los", '"lowest_los"', "'lowest_los' does not exist"),
        ("shows_in = 2", "shows_in = 21", "shows_in = 21", "shows_in: 1 to 20."),
        ("lr = 50.0", "lr = -1", "lr = -1", "spec: lr: Must be above 0."),
        ("lr = 50.0", "seed = 3", "[experiment.spec]", "neither a seed nor a preset"),
        ("lr = 50.0", "rate = 3", "rate = 3", "spec: rate: Not a setting."),
        ("{probe heldout_loss .3g}", "{probe loss_held}", "{probe loss_held}", "does not exist."),
        ("{probe other_heldout_loss .3g}", "{probe other_x}", "{probe other_x}", "'other_x' does"),
        ("{probe figure .3f}", "{figures}{probe figure.3f}", "{figures}", "is no role"),
        ('truth = "`zero_grad()` empties', 'truth = "\\u0000', "u0000", "null character"),
    ],
)
def test_a_slip_is_named_with_its_line(
    content: Path, old: str, new: str, at: str, said: str
) -> None:
    path = content / NAME
    replaced(path, old, new)
    found = reasons(content)
    line = 0
    if at == "[experiment.spec]":
        rows = path.read_text().split("\n")
        line = rows.index("seed = 3")
        while rows[line - 1] != at:
            line -= 1
    else:
        line = line_of(path, at)
    assert [each for each in found if each.startswith(f"{NAME}:{line}: ") and said in each]


def test_what_is_missing_empty_or_there_twice_is_named(content: Path) -> None:
    path = content / NAME
    replaced(path, FIRST, "")
    replaced(path, 'name = "zero-between"', 'name = "step-within"')
    replaced(path, "at_least = 2.0\n", "")
    found = " ".join(reasons(content))
    assert "'name' is missing." in found
    assert "experiment 'step-within': is there twice." in found
    replaced(path, '\ntitle = "No zero_grad()"', f'\n{FIRST}\ntitle = " "')
    found = " ".join(reasons(content))
    assert "title: is empty." in found or "'title' is empty" in found


def test_two_runs_that_are_the_same_are_no_experiment(content: Path) -> None:
    replaced(content / NAME, 'lines = "forward, loss, backward, step"\n', "")
    assert any("both runs are the same." in each for each in reasons(content))


def test_a_folder_that_is_no_stage_has_no_experiments(content: Path) -> None:
    (content / NAME).rename(content / "pipeline" / "experiments.toml")
    assert any("stage: none of data-loading" in each for each in reasons(content))


@pytest.mark.django_db
def test_what_was_loaded_is_what_the_files_say(load: Load) -> None:
    load()
    assert {each.name: as_file(each) for each in Experiment.objects.all()} == EXPERIMENTS


@pytest.mark.django_db
def test_an_edit_in_the_admin_is_kept_and_one_in_a_file_is_brought_in(
    load: Load, content: Path
) -> None:
    load()
    Experiment.objects.filter(name="outlier").update(truth="Edited.", at_most=0.5)
    replaced(content / NAME, 'title = "No zero_grad()"', 'title = "Not cleared"')
    replaced(content / "preprocessing" / "experiments.toml", "One value out of", "A value out of")
    said = load()
    assert "kept experiment:outlier: edited in the admin since the last load; it differs in" in said
    assert "title, truth, at_most." in said
    assert "1 updated" in said
    assert Experiment.objects.get(name="forget-zero-grad").title == "Not cleared"
    assert Experiment.objects.get(name="outlier").truth == "Edited."
    assert "1 updated" in load("--take-files", "experiment:outlier")
    assert Experiment.objects.get(name="outlier").title == "A value out of a thousand"


@pytest.mark.django_db
def test_one_without_a_file_is_archived_and_comes_back_with_it(load: Load, content: Path) -> None:
    load()
    path = content / NAME
    whole = path.read_text()
    path.write_text(whole[: whole.rindex("[[experiment]]")])
    assert "1 archived" in load()
    assert Experiment.objects.get(name="rate-too-low").archived
    path.write_text(whole)
    assert "1 updated" in load()
    assert not Experiment.objects.get(name="rate-too-low").archived
