"""A data set goes, and all that came out of it: its rows, its runs, their traces.

Answers that were given on those runs keep what was said and its points. The run and its numbers
are taken off them.
"""

from dataclasses import dataclass

from django.db import transaction

from course.quiz.models import Answer
from course.quiz.models.answers import AnswerQuerySet
from trainer.own_tables import OwnTable


@dataclass(frozen=True, slots=True)
class Lost:
    """What goes with a data set: runs, and answers that lose their run."""

    runs: int
    answers: int


def would_be_lost(table: OwnTable) -> Lost:
    """What a deletion would take along now."""
    return Lost(table.runs.count(), _answers(table).count())


def delete(table: OwnTable) -> Lost:
    """Delete a data set. Whoever trains on it meanwhile stores nothing (`trainer.storage.hold`)."""
    with transaction.atomic():
        for found in OwnTable.objects.select_for_update().filter(pk=table.pk):
            lost = would_be_lost(found)
            _answers(found).let_go()
            found.delete()
            return lost
    return Lost(0, 0)


def _answers(table: OwnTable) -> AnswerQuerySet:
    return Answer.objects.filter(run__table=table)
