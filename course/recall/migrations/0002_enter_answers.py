"""What was answered before there was recall enters it, each question with its first answer."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Min

from course.recall import schedule

AT_ONCE = 500


def enter(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    answer = apps.get_model("quiz", "Answer")
    given = answer.objects.filter(score__isnull=False)
    firsts = given.values("learner", "question").annotate(first=Min("pk")).values("first")
    rows = answer.objects.filter(pk__in=firsts, review=None).order_by("pk")
    fields = ("pk", "learner_id", "question_id", "correct", "score", "created")
    found = list(rows.values_list(*fields))
    for start in range(0, len(found), AT_ONCE):
        _enter(apps, found[start : start + AT_ONCE])


def _enter(apps: Apps, answers: list[tuple[Any, ...]]) -> None:
    memory_model, review = (apps.get_model("recall", name) for name in ("Memory", "Review"))
    memories, reviews = [], []
    for pk, learner, question, correct, score, at in answers:
        rating = schedule.rating_of(correct=correct, score=score)
        card = schedule.begun(question, rating, at)
        memory = memory_model(
            learner_id=learner, question_id=question, card=schedule.kept(card), due=card.due
        )
        memories.append(memory)
        reviews.append(review(memory=memory, answer_id=pk, rating=rating, at=at))
    memory_model.objects.bulk_create(memories)
    review.objects.bulk_create(reviews)


class Migration(migrations.Migration):
    dependencies = [("recall", "0001_initial")]

    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
