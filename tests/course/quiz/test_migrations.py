"""What was asked and answered before a change of the tables is there after it."""

import pytest
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

pytestmark = pytest.mark.django_db(transaction=True)

BESIDE = ("accounts", "lessons", "trainer")
"""Apps that the questions know, and that do not know them."""

BEFORE, AFTER = [("quiz", "0003_answer_mode")], [("quiz", "0004_kinds")]


def migrate(to: list[tuple[str, str]]) -> Apps:
    executor = MigrationExecutor(connection)
    executor.migrate(to)
    known = [leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] in BESIDE]
    return executor.loader.project_state([*to, *known]).apps


def test_the_new_kinds_keep_every_question_and_answer() -> None:
    try:
        old = migrate(BEFORE)
        user = old.get_model("accounts", "User").objects.create(username="a", handle="a")
        lesson = old.get_model("lessons", "Lesson").objects.create(slug="l", title="L")
        question = old.get_model("quiz", "Question").objects.create(
            slug="q", lesson_id=lesson.pk, place="quiz", stage="loss", kind="number", prompt="?"
        )
        version = old.get_model("quiz", "QuestionVersion").objects.create(
            question=question, number=1, content={"kind": "number"}
        )
        old.get_model("quiz", "Answer").objects.create(
            learner_id=user.pk, question=question, version=version, attempt=1, raw="5",
            response=5.0, matched="five", correct=False, score=0, max_score=1,
        )  # fmt: skip
        new = migrate(AFTER)
        answer = new.get_model("quiz", "Answer").objects.get()
        assert (answer.raw, answer.response, answer.matched) == ("5", 5.0, "five")
        asked = new.get_model("quiz", "Question").objects.get()
        assert (asked.unit, asked.code, asked.facts, asked.levels) == ("", "", "", False)
        new.get_model("quiz", "Answer").objects.all().delete()
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())


def test_what_waited_for_its_run_waits_and_what_was_graded_is() -> None:
    try:
        old = migrate([("quiz", "0005_objective")])
        user = old.get_model("accounts", "User").objects.create(username="a", handle="a")
        lesson = old.get_model("lessons", "Lesson").objects.create(slug="l", title="L")
        question = old.get_model("quiz", "Question").objects.create(
            slug="q", lesson_id=lesson.pk, place="quiz", stage="loss", kind="number", prompt="?"
        )
        version = old.get_model("quiz", "QuestionVersion").objects.create(
            question=question, number=1, content={"kind": "number"}
        )
        for attempt, score in ((1, None), (2, 1)):
            old.get_model("quiz", "Answer").objects.create(
                learner_id=user.pk, question=question, version=version, attempt=attempt, raw="5",
                response=5.0, correct=None if score is None else True, score=score, max_score=1,
            )  # fmt: skip
        new = migrate([("quiz", "0007_needs")])
        answers = new.get_model("quiz", "Answer").objects
        assert list(answers.values_list("score", "ungraded")) == [(None, False), (1, False)]
        answers.all().delete()
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
