"""Writing the course back as files: nothing is lost, and equal courses are equal files."""

from dataclasses import replace
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from course.lab.experiments.content import ExperimentFile
from course.lessons import files, loading
from course.lessons.dumping import dump
from course.lessons.files import LessonFile, LessonFolder
from course.lessons.models import Lesson
from course.quiz.files import QuestionFile
from course.quiz.models import Choice, Question
from tests.course.lab.experiments.read import experiments
from tests.course.lessons.folders import Load
from tests.course.quiz.conftest import CONTENT
from tests.course.quiz.questions import questions

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r{"))


def tree(folder: Path) -> dict[str, bytes]:
    """Every file, byte for byte."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def dumped(folder: Path, *options: str) -> str:
    said = StringIO()
    call_command("dumpcourse", str(folder), *options, stdout=said)
    return said.getvalue()


@pytest.mark.django_db
def test_a_course_that_nobody_edited_comes_out_as_it_was_committed(
    course: None, tmp_path: Path
) -> None:
    """If this fails: `manage.py loadcourse`, then `manage.py dumpcourse course/content --force`."""
    said = dumped(tmp_path / "new" / "folder")
    assert tree(tmp_path / "new" / "folder") == tree(CONTENT)
    assert said.startswith(f"{len(tree(CONTENT))} files written")


@pytest.mark.django_db
def test_edits_come_out_and_are_no_edits_once_they_were_loaded(load: Load, content: Path) -> None:
    load()
    loss = Lesson.objects.get(slug="loss")
    Lesson.objects.filter(slug="loss").update(title="Losses", text="## Edited\n\nHere.")
    Choice.objects.filter(question__slug="q-clear", name="slower").update(text='Slowly "\\".')
    Question.objects.filter(slug="s1-passes").update(order=40)
    Question.objects.filter(slug="p-falls").update(archived=True)
    own = Question.objects.create(
        slug="Own_1", lesson=loss, place="quiz", stage="loss", kind="number", prompt="?",
        key="1", nudge="No.", explanation="Because.",
    )  # fmt: skip
    assert "kept" in load()
    dumped(content, "--force")
    assert (content / "loss" / "learn.md").read_text() == "## Edited\n\nHere.\n"
    said = load()
    assert "kept" not in said
    assert "in no file" not in said
    own.refresh_from_db()
    assert own.loaded
    assert Question.objects.get(slug="p-falls").archived
    assert (
        list(Question.objects.filter(lesson__slug="pipeline").order_by("order"))[-1].slug
        == "s1-passes"
    )
    before = tree(content)
    dumped(content, "--force")
    assert tree(content) == before


@pytest.mark.django_db
def test_it_writes_over_a_course_only_when_told_and_over_nothing_else(
    course: None, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(CommandError, match="not empty"):
        dumped(tmp_path)
    assert tree(tmp_path) == {"notes.txt": b"mine"}
    for name in ("old/lesson.toml", "old/learn.md", "mixed/lesson.toml", "mixed/picture.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    dumped(tmp_path, "--force")
    kept = {"notes.txt": b"mine", "mixed/picture.png": b"x"}
    assert tree(tmp_path) == tree(CONTENT) | kept
    assert not (tmp_path / "old").exists()


@pytest.mark.django_db
def test_a_place_that_cannot_be_written_is_said(course: None, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CommandError, match="cannot be written"):
        dumped(tmp_path / "file")


@pytest.mark.django_db
def test_what_is_archived_is_left_out(course: None, tmp_path: Path) -> None:
    Lesson.objects.filter(slug="loss").update(archived=True)
    Question.objects.filter(lesson__slug="pipeline").update(archived=True)
    dumped(tmp_path)
    of_loss = {name for name in tree(CONTENT) if name.startswith("loss/")}
    assert set(tree(CONTENT)) - set(tree(tmp_path)) == of_loss | {"pipeline/questions.toml"}


class TestRoundTrip(TestCase):
    """A transaction for each example."""

    @given(
        st.lists(questions(), max_size=3, unique_by=lambda question: question.slug),
        st.lists(experiments(), max_size=2, unique_by=lambda tried: tried.name),
        TEXTS,
        TEXTS,
    )
    def test_any_course_survives_and_comes_out_the_same(
        self, asked: list[QuestionFile], tried: list[ExperimentFile], text: str, title: str
    ) -> None:
        lesson = LessonFile(
            slug="loss",
            title=title[:99].strip() or "A",
            mark="",
            summary=text.strip(),
            key_insight=text.strip(),
            order=1,
            text=f"## Scores\n\n{text.replace('#', '')}".strip(),
        )
        placed = [replace(each, order=order) for order, each in enumerate(asked, 1)]
        put = tuple(replace(each, order=order) for order, each in enumerate(tried, 1))
        course = [LessonFolder(lesson, tuple(placed), put)]
        loading.load(course)
        with TemporaryDirectory() as first, TemporaryDirectory() as second:
            dump(Path(first))
            read = files.read(Path(first))
            assert read == course
            report = loading.load(read)
            assert report.done["unchanged"] == 1 + len(asked) + len(tried)
            dump(Path(second))
            assert tree(Path(first)) == tree(Path(second))
