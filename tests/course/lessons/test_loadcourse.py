"""Loading the course: repeatable, all or nothing, and never over somebody's edit."""

import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db.models import Model

from course.lab.models import Experiment
from course.lessons import files, loading
from course.lessons.models import Lesson
from course.quiz import versions
from course.quiz.models import Choice, Question, QuestionVersion
from tests.course.lessons.folders import Load, replaced
from tests.course.quiz.conftest import CONTENT

pytestmark = pytest.mark.django_db

COURSE = files.read(CONTENT)
QUESTIONS = sum(len(folder.questions) for folder in COURSE)
EXPERIMENTS = sum(len(folder.experiments) for folder in COURSE)
ITEMS = len(COURSE) + QUESTIONS + EXPERIMENTS
LOSS = next(folder for folder in COURSE if folder.lesson.slug == "loss")
OF_LOSS = 1 + len(LOSS.questions) + len(LOSS.experiments)
EDITED = "edited in the admin since the last load"
RESTORED = "A better prompt, so there?"


def snapshot() -> list[list[object]]:
    tables: tuple[type[Model], ...] = (Lesson, Question, QuestionVersion, Experiment)
    rows: list[list[object]] = [
        list(table._default_manager.order_by("pk").values()) for table in tables
    ]
    return [*rows, list(Choice.objects.order_by("question", "order").values("name", "text"))]


def test_it_loads_the_course(load: Load) -> None:
    assert f"{ITEMS} added." in load()
    assert Lesson.objects.count() == 8
    assert versions.current("pipeline").count() == 10
    assert Question.objects.get(slug="s1-passes").lesson.slug == "pipeline"


def test_loading_again_changes_nothing(load: Load) -> None:
    load()
    before = snapshot()
    assert f"{ITEMS} unchanged." in load()
    assert snapshot() == before


def test_a_changed_file_is_brought_in_as_a_new_version(load: Load, content: Path) -> None:
    load()
    replaced(
        content / "pipeline" / "questions.toml",
        "How many times will the batch body",
        "How often will it",
    )
    replaced(content / "loss" / "lesson.toml", "Scores and labels", "Scores, then labels,")
    said = load()
    assert "2 updated" in said
    assert f"{ITEMS - 2} unchanged" in said
    question = Question.objects.get(slug="s1-passes")
    assert [version.number for version in question.versions.all()] == [2, 1]
    assert Lesson.objects.get(slug="loss").summary.startswith("Scores, then")


def test_an_edit_in_the_admin_is_kept_and_said(load: Load, content: Path) -> None:
    load()
    Question.objects.filter(slug="s1-passes").update(prompt=RESTORED)
    Choice.objects.filter(question__slug="q-clear", name="slower").update(text="Slowly.")
    Lesson.objects.filter(slug="loss").update(title="Losses")
    replaced(content / "pipeline" / "questions.toml", "How many times will", "How often will")
    before = snapshot()
    said = load()
    kept = ["lesson:loss", "question:q-clear", "question:s1-passes"]
    assert sorted(re.findall(r"kept (\S+):", said)) == kept
    assert f"{ITEMS - 3} unchanged" in said
    assert snapshot() == before


def test_what_was_kept_is_named_with_what_differs_and_how_to_go_on(load: Load) -> None:
    load()
    Question.objects.filter(slug="s1-passes").update(prompt=RESTORED, archived=True)
    Choice.objects.filter(question__slug="q-clear", name="slower").update(text="Slowly.")
    Lesson.objects.filter(slug="loss").update(title="Losses", text="Edited.")
    said = load()
    for name, differs in (
        ("question:s1-passes", "prompt, archived"),
        ("question:q-clear", "choice 'slower' text"),
        ("lesson:loss", "title, text"),
    ):
        assert f"kept {name}: {EDITED}; it differs in {differs}.\n" in said
    assert "--take-files question:s1-passes question:q-clear lesson:loss\n" in said
    assert "dumpcourse course/content --force" in said


def test_the_files_side_is_taken_where_it_is_asked_for_and_nowhere_else(load: Load) -> None:
    load()
    Question.objects.filter(slug__in=("s1-passes", "q-clear")).update(prompt=RESTORED)
    Lesson.objects.filter(slug="loss").update(title="Losses", archived=True)
    said = load("--take-files", "question:s1-passes", "lesson:loss")
    assert "2 updated" in said
    assert re.findall(r"kept (\S+):", said) == ["question:q-clear"]
    lesson = Lesson.objects.get(slug="loss")
    assert (lesson.title, lesson.archived) == ("Loss calculation", False)
    assert Question.objects.get(slug="s1-passes").prompt != RESTORED
    assert Question.objects.get(slug="q-clear").prompt == RESTORED


def test_an_item_that_is_nowhere_is_refused_and_nothing_is_written(load: Load) -> None:
    with pytest.raises(CommandError, match="question:nowhere"):
        load("--take-files", "lesson:loss", "question:nowhere")
    assert not Lesson.objects.exists()


def test_a_question_that_was_moved_in_the_admin_stays_where_it_was_put(load: Load) -> None:
    load()
    Question.objects.filter(slug="q-clear").update(lesson=Lesson.objects.get(slug="loss"))
    Question.objects.filter(slug="s1-passes").update(order=30)
    said = load()
    assert f"kept question:s1-passes: {EDITED}; it differs in order." in said
    assert f"kept question:q-clear: {EDITED}; it differs in lesson." in said
    assert Question.objects.get(slug="s1-passes").order == 30


def test_numbers_that_leave_gaps_are_no_edit_while_the_order_is_the_same(load: Load) -> None:
    load()
    for question in Question.objects.all():
        Question.objects.filter(pk=question.pk).update(order=question.order * 10)
    assert "kept" not in load()
    orders = Question.objects.filter(lesson__slug="pipeline").values_list("order", flat=True)
    assert sorted(orders) == list(range(1, len(orders) + 1))


def test_an_edit_that_the_file_has_caught_up_with_is_no_edit_any_more(
    load: Load, content: Path
) -> None:
    load()
    Lesson.objects.filter(slug="loss").update(title="Losses")
    replaced(content / "loss" / "lesson.toml", "Loss calculation", "Losses")
    assert "1 updated" in load()
    assert f"{ITEMS} unchanged" in load()


def test_what_an_instructor_archived_stays_archived(load: Load) -> None:
    load()
    Question.objects.filter(slug="s1-passes").update(archived=True)
    Lesson.objects.filter(slug="loss").update(archived=True)
    assert len(re.findall("kept ", load())) == 2
    assert Question.objects.get(slug="s1-passes").archived
    assert Lesson.objects.get(slug="loss").archived


def test_a_question_without_a_file_is_archived_and_comes_back_with_it(
    load: Load, content: Path
) -> None:
    load()
    path = content / "pipeline" / "questions.toml"
    whole = path.read_text()
    path.write_text(whole[: whole.rindex("[[question]]")])
    assert "1 archived" in load()
    assert Question.objects.get(slug="q-clear").archived
    assert f"{ITEMS - 1} unchanged." in load()
    path.write_text(whole)
    assert "1 updated" in load()
    assert not Question.objects.get(slug="q-clear").archived


def test_a_question_made_in_the_admin_is_left_alone(load: Load) -> None:
    load()
    lesson = Lesson.objects.get(slug="loss")
    own = Question.objects.create(
        slug="own", lesson=lesson, place="quiz", stage="loss", kind="choice", prompt="?"
    )
    load()
    own.refresh_from_db()
    assert not own.archived
    assert "question:own was made in the admin, and is in no file." in load()


def test_a_lesson_without_a_folder_is_archived_and_comes_back_with_it(
    load: Load, content: Path
) -> None:
    load()
    folder = content / "loss"
    folder.rename(content.parent / "away")
    assert f"{OF_LOSS} archived" in load()
    assert Lesson.objects.get(slug="loss").archived
    (content.parent / "away").rename(folder)
    assert f"{OF_LOSS} updated" in load()
    assert not Lesson.objects.get(slug="loss").archived


def test_what_was_edited_is_not_archived_behind_an_instructor_s_back(
    load: Load, content: Path
) -> None:
    load()
    Lesson.objects.filter(slug="loss").update(title="Losses")
    shutil.rmtree(content / "loss")
    assert f"kept lesson:loss: {EDITED}; its file is gone." in load()
    assert not Lesson.objects.get(slug="loss").archived
    assert "1 archived" in load("--take-files", "lesson:loss")
    assert Lesson.objects.get(slug="loss").archived


def test_a_lesson_loaded_before_lessons_had_texts_is_not_taken_for_an_edit(
    load: Load, content: Path
) -> None:
    (content / "loss" / "learn.md").unlink()
    load()
    names = ("slug", "title", "mark", "summary", "key_insight", "order")
    said = Lesson.objects.values(*names).get(slug="loss")
    mark = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    Lesson.objects.filter(slug="loss").update(loaded=mark)
    assert f"{ITEMS} unchanged." in load()
    (content / "loss" / "learn.md").write_text("## A score\n")
    assert "1 updated" in load()
    assert Lesson.objects.get(slug="loss").text == "## A score"


PIPELINE = "pipeline/questions.toml"


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (PIPELINE, "[[question]]", "[[question]", PIPELINE),
        (PIPELINE, 'slug = "q-clear"', 'slug = "q-clear"\ncolour = "red"', "'colour' is not known"),
        (PIPELINE, 'slug = "q-clear"', "", "'slug' is missing"),
        (PIPELINE, 'slug = "q-clear"', 'slug = "q-by-hand"', "'q-by-hand': is there twice"),
        (PIPELINE, 'name = "slower"', 'name = "as-before"', "'as-before' is there twice"),
        (PIPELINE, 'slug = "q-clear"', 'slug = "Q Clear"', "no name"),
        (PIPELINE, "tolerance = 0.02", 'tolerance = "0.02"', "wrong type"),
        (PIPELINE, "tolerance = 0.02", "tolerance = true", "wrong type"),
        (PIPELINE, "max_attempts = 1", "max_attempts = 1.5", "wrong type"),
        (PIPELINE, '"zero-between"', '"zero-in-between"', "no misconception 'zero-in-between'"),
        (PIPELINE, "{probe steps_planned}", "{probe steps_wanted}", "probe 'steps_wanted'"),
        (PIPELINE, "{probe epochs} epochs:", "{probes epochs} epochs:", "no role"),
        (PIPELINE, 'stage = "loss"', 'stage = "losses"', "stage"),
        (PIPELINE, 'place = "quiz"', 'place = "somewhere"', "place"),
        (PIPELINE, "correct = true", "correct = false", "mark one option"),
        ("loss/lesson.toml", "order = 4", "", "loss/lesson.toml:1: 'order'"),
        ("loss/lesson.toml", 'title = "Loss calculation"', "", "'title' is empty"),
        ("loss/lesson.toml", "mark =", "sign =", "'sign' is not known"),
        ("pipeline/lesson.toml", "{probe updates}", "{probe update}", "probe 'update'"),
    ],
)
def test_a_slip_is_named_with_its_file_and_nothing_is_written(
    load: Load, content: Path, name: str, old: str, new: str, said: str
) -> None:
    load()
    before = snapshot()
    replaced(
        content / "data-loading" / "lesson.toml", "Rows become batches", "Rows turn to batches"
    )
    replaced(content / name, old, new)
    for options in ([], ["--check"]):
        with pytest.raises(CommandError) as refused:
            load(*options)
        assert said in str(refused.value)
        assert name in str(refused.value)
    assert snapshot() == before


def test_every_slip_is_named_at_once(load: Load, content: Path) -> None:
    replaced(content / "loss" / "lesson.toml", "order = 4", "")
    replaced(content / PIPELINE, 'stage = "loss"', 'stage = "losses"')
    (content / "preprocessing" / "lesson.toml").unlink()
    with pytest.raises(CommandError) as refused:
        load()
    assert len(str(refused.value).splitlines()) == 3


def test_a_failure_on_the_way_leaves_nothing_behind(
    content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the disk is full")

    course = files.read(content)
    monkeypatch.setattr("course.lessons.loading.stored.write", fail)
    with pytest.raises(RuntimeError):
        loading.load(course)
    assert not Lesson.objects.exists()


def test_checking_writes_nothing(load: Load) -> None:
    counted = f"8 lessons, {QUESTIONS} questions, {EXPERIMENTS} experiments: no problem found."
    assert counted in load("--check")
    assert not Lesson.objects.exists()
