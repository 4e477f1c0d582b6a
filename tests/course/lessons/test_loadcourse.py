"""Loading the course: repeatable, all or nothing, and never over somebody's edit."""

import re
import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Model

from course.lessons import files, loading
from course.lessons.management.commands import loadcourse
from course.lessons.models import Lesson
from course.quiz import versions
from course.quiz.models import Choice, Question, QuestionVersion
from tests.course.quiz.conftest import CONTENT

pytestmark = pytest.mark.django_db

Load = Callable[..., str]
COURSE = files.read(CONTENT)
QUESTIONS = sum(len(folder.questions) for folder in COURSE)
ITEMS = len(COURSE) + QUESTIONS
RESTORED = "A better prompt, so there?"


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the course that a test may spoil; its runs are left out."""
    copy = tmp_path / "content"
    shutil.copytree(CONTENT, copy)
    monkeypatch.setattr(loadcourse, "CONTENT", copy)
    monkeypatch.setattr(loadcourse, "ensure_course_runs", lambda: 0)
    return copy


@pytest.fixture
def load(content: Path) -> Load:
    def call(*options: str) -> str:
        said = StringIO()
        call_command("loadcourse", *options, stdout=said)
        return said.getvalue()

    return call


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def snapshot() -> list[list[object]]:
    tables: tuple[type[Model], ...] = (Lesson, Question, QuestionVersion)
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
    assert f"8 lessons, {QUESTIONS} questions: no problem found." in load("--check")
    assert not Lesson.objects.exists()
