"""Every slip of an author is named with the file and the line that it stands on."""

from pathlib import Path

import pytest
from django.core.management import CommandError

from course.lessons import files
from course.lessons.files import ContentError
from course.lessons.management.commands import loadcourse
from tests.course.lessons.folders import Load, replaced

QUESTIONS = "pipeline/questions.toml"
LESSON = "pipeline/lesson.toml"
LEARN = "loss/learn.md"


def reasons(content: Path) -> list[str]:
    with pytest.raises(ContentError) as refused:
        files.read(content)
    return refused.value.reasons


def line_of(path: Path, text: str) -> int:
    rows = path.read_text().split("\n")
    return next(number for number, row in enumerate(rows, 1) if text in row)


@pytest.mark.parametrize(
    ("name", "old", "new", "at", "said"),
    [
        (QUESTIONS, 'kind = "number"', 'kind = number"', 'kind = number"', "Invalid"),
        (QUESTIONS, 'slug = "q-clear"', 'slug = "q-clear"\ncolour = 1', "colour = 1", "'colour'"),
        (QUESTIONS, 'slug = "q-clear"', 'slug = "q-by-hand"', "XX", "'q-by-hand': is there twice."),
        (QUESTIONS, 'name = "slower"', 'name = "as-before"', "YY", "is there twice."),
        (QUESTIONS, "tolerance = 0.02", "tolerance = true", "tolerance = true", "wrong type"),
        (QUESTIONS, "tolerance = 0.02", "tolerance = nan", "tolerance = nan", "finite"),
        (QUESTIONS, '"zero-between"', '"moon"', '"moon"', "no misconception 'moon'"),
        (QUESTIONS, "{probe first_bad_step}", "{probe bad}", "{probe bad}", "probe 'bad' does not"),
        (QUESTIONS, "{probe epochs} epochs:", "{probes} epochs:", "{probes}", "is no role"),
        (QUESTIONS, 'stage = "loss"', 'stage = "los"', 'stage = "los"', "stage: none of"),
        (QUESTIONS, 'objective = "4.1"', 'objective = "9.1"', "9.1", "objective:"),
        (QUESTIONS, 'objective = "4.1"', 'objective = "2.6"', "2.6", "objective:"),
        (QUESTIONS, 'text = "Yes, each one."', 'text = "\\u0000"', "u0000", "null character"),
        (LESSON, "order = 0", 'order = "0"', 'order = "0"', "'order' is no whole number"),
        (LESSON, "order = 0", "order = -1", "order = -1", "'order' is no whole number"),
        (LESSON, 'title = "The pipeline"', 'title = " "', "title", "'title' is empty."),
        (LESSON, "{probe updates}", "{probe update}", "{probe update}", "probe 'update' does not"),
        (LESSON, "summary =", "sumary =", "sumary =", "'sumary' is not known."),
    ],
)
def test_a_slip_in_toml_is_named_with_its_line(
    content: Path, name: str, old: str, new: str, at: str, said: str
) -> None:
    path = content / name
    replaced(path, old, new)
    doubles = {"XX": 'slug = "q-by-hand"', "YY": 'name = "as-before"'}
    line = line_of(path, doubles.get(at, at))
    if at in doubles:
        rows = path.read_text().split("\n")
        line = max(number for number, row in enumerate(rows, 1) if row == doubles[at])
    (reason,) = reasons(content)
    assert reason.startswith(f"{name}:{line}: ")
    assert said in reason


def test_what_is_missing_is_named_at_its_table(content: Path) -> None:
    path = content / QUESTIONS
    line = line_of(path, 'slug = "q-clear"')
    replaced(path, '\nslug = "q-clear"', "")
    assert reasons(content) == [f"{QUESTIONS}:{line - 1}: question 10: 'slug' is missing."]


def test_each_slip_in_a_text_is_named_with_its_line(content: Path) -> None:
    text = (
        "## Scores\n\nIt was {probe no_such}.\r\nAnd {probe epochs .9q} then {probe nor_this d}.\n"
        "\n{question p-end}\n"
    )
    (content / LEARN).write_bytes(text.encode())
    assert reasons(content) == [
        f"{LEARN}:3: probe 'no_such' does not exist.",
        f"{LEARN}:4: '{{probe epochs .9q}}' is no role.",
        f"{LEARN}:4: probe 'nor_this' does not exist.",
        f"{LEARN}:6: question 'p-end' does not exist.",
    ]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [(b"One.\nTwo \xff.\n", "2: is not in UTF-8."), (b"One.\n\nTwo \0", "3: holds a null")],
)
def test_a_file_that_is_no_text_is_named_with_its_line(
    content: Path, raw: bytes, reason: str
) -> None:
    for name in (LEARN, "loss/lesson.toml", QUESTIONS):
        kept = (content / name).read_bytes() if (content / name).exists() else b""
        (content / name).write_bytes(raw)
        (found,) = reasons(content)
        assert found.startswith(f"{name}:{reason}")
        (content / name).write_bytes(kept)


def test_a_folder_without_a_lesson_is_named(content: Path) -> None:
    (content / "New Lesson").mkdir()
    assert reasons(content) == ["New Lesson/lesson.toml:1: is missing."]
    (content / "New Lesson" / "lesson.toml").write_text('title = "New"\norder = 9\n')
    (reason,) = reasons(content)
    assert "'New Lesson': a folder is named with a-z" in reason


def test_checking_names_files_as_a_person_opens_them(
    load: Load, content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loadcourse, "BASE", content.parent)
    (content / LEARN).write_text("## Scores\n\n{probe no_such}")
    replaced(content / QUESTIONS, "max_attempts = 1", "max_attempts = 0")
    with pytest.raises(CommandError) as refused:
        load("--check")
    rows = str(refused.value).split("\n")
    assert rows[0] == "content/loss/learn.md:3: probe 'no_such' does not exist."
    assert rows[1].startswith("content/pipeline/questions.toml:7: question 'p-falls': max_attempts")
