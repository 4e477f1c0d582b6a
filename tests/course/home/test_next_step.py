"""What is next, from scores alone."""

from typing import Any

import pytest

from course.accounts.models import User
from course.home import next_step as rules
from course.home.next_step import next_step
from course.lessons.models import Lesson
from course.progress.scores import Scores
from trainer.models import Run


def score(slug: str, answered: int, questions: int = 3, reached: float = 1.0) -> Scores:
    lesson = Lesson(pk=len(slug), slug=slug, title=slug.capitalize(), summary=f"About {slug}.")
    return Scores(lesson, questions, answered, reached, 3.0, reached, 3.0, answered)


PIPELINE, LOSS, TRACE = score("pipeline", 3), score("loss", 1), score("training-trace", 0)


@pytest.fixture
def last(monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401
    def answered(scores: Scores | None) -> None:
        found = scores.lesson.pk if scores else None
        monkeypatch.setattr(rules, "_last_lesson", lambda _: found)

    return answered


def test_nobody_has_no_next_step(last: Any) -> None:  # noqa: ANN401
    last(None)
    assert next_step(None, None, [PIPELINE]) is None
    assert next_step(User(), None, [PIPELINE]) is None


def test_a_lesson_that_is_done_leads_to_the_next_open_one(last: Any) -> None:  # noqa: ANN401
    last(PIPELINE)
    found = next_step(User(), Run(), [PIPELINE, LOSS, TRACE])
    assert found
    assert (found.title, found.href) == ("Loss", "/lessons/loss/")
    assert found.reason == "Pipeline is done. About loss."


def test_behind_the_last_lesson_it_begins_again_from_the_start(last: Any) -> None:  # noqa: ANN401
    done = score("training-trace", 3)
    last(done)
    found = next_step(User(), Run(), [PIPELINE, LOSS, done])
    assert found
    assert found.title == "Loss"


def test_one_open_question_is_told_in_the_singular(last: Any) -> None:  # noqa: ANN401
    nearly = score("loss", 2)
    last(nearly)
    found = next_step(User(), Run(), [nearly])
    assert found
    assert found.reason == "You stopped here: 1 question is open of 3."


def test_when_all_is_done_the_points_are_told(last: Any) -> None:  # noqa: ANN401
    done = score("loss", 3, reached=2.5)
    last(done)
    found = next_step(User(), Run(), [PIPELINE, done])
    assert found
    assert found.href == "/progress/"
    assert "3.5 of 6 points" in found.reason
