"""A site with answers from before there was recall, brought up to date. Prints what came of it.

Run by `test_upgrade.py` in a process with a database of its own.
"""

import json
from typing import Any

import django
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model

django.setup()

from course.quiz.models import Answer  # noqa: E402
from course.recall.models import Memory, Review  # noqa: E402
from tests.course.quiz.conftest import COLOUR  # noqa: E402
from tests.course.recall.recalling import follows_from_its_log  # noqa: E402

WORTH = [("zero", 0.0), ("step", 1.0)]


def before_modes() -> list[tuple[str, str]]:
    """The state of the database in which answers had no mode."""
    graph = MigrationExecutor(connection).loader.graph
    (first,) = (key for key in graph.nodes if key[0] == "quiz" and key[1].endswith("answer_mode"))
    return [parent.key for parent in graph.node_map[first].parents]


def answer(model: type[Model], question: Model, learner: Model, attempt: int) -> None:
    """What the release before this one stores."""
    option, score = WORTH[attempt % 2]
    model._default_manager.create(
        learner=learner, question=question, version_id=question.pk, attempt=attempt + 1, raw="0",
        response=option, score=score, correct=score == 1, max_score=1,
    )  # fmt: skip


def main() -> None:
    """Fill the old tables, migrate, and let the old release write once more."""
    old = before_modes()
    executor = MigrationExecutor(connection)
    executor.migrate(old)
    apps: Any = executor.loader.project_state(old).apps
    lesson = apps.get_model("lessons", "Lesson").objects.create(slug="lesson", title="Lesson")
    fields = {"place": "quiz", "stage": "loss", "kind": "choice", "prompt": "?", "explanation": "."}
    make = apps.get_model("quiz", "Question").objects.create
    one, two = (make(slug=slug, lesson=lesson, **fields) for slug in ("one", "two"))
    for question in (one, two):
        question.versions.create(pk=question.pk, number=1, content=COLOUR.as_json())
    learner = apps.get_model("accounts", "User").objects.create(handle="2345678923", password="!")
    answers = apps.get_model("quiz", "Answer")
    for question, attempt in ((one, 0), (one, 1), (two, 1)):
        answer(answers, question, learner, attempt)
    columns = [field.attname for field in answers._meta.fields]
    rows = answers.objects.order_by("pk").values(*columns)
    told = list(rows)
    now = MigrationExecutor(connection)
    now.migrate(now.loader.graph.leaf_nodes())
    kept = list(rows.all()) == told
    answer(answers, two, learner, 2)
    print(  # noqa: T201
        json.dumps({
            "kept": kept,
            "modes": list(Answer.objects.values_list("mode", flat=True)),
            "entered": [
                [memory.question.slug, memory.reviews, memory.log.get().rating]
                for memory in Memory.objects.order_by("pk")
            ],
            "first": list(Review.objects.order_by("pk").values_list("answer", flat=True)),
            "follow": all(map(follows_from_its_log, Memory.objects.all())),
        })
    )  # fmt: skip


main()
