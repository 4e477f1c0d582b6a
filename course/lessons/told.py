"""Which run a page of the course tells."""

from django.http import Http404

from course.accounts.models import User
from course.quiz.models import Answer
from trainer.course_runs import course_run
from trainer.models import Run


def told_run(learner: User | None, wanted: str) -> Run | None:
    """The run that the page tells: the one asked for, the learner's latest, or the course's.

    Raises `Http404` for a run that this person may not see.
    """
    if wanted:
        runs = Run.objects.visible_to(learner).select_related("trace")
        if run := runs.named(wanted).first():
            return run
        raise Http404
    mine = Run.objects.of(learner).alone().filter(trace__isnull=False).select_related("trace")
    # A run that was made to settle one question is not what all the others are asked about.
    settling = Answer.objects.filter(learner=learner).ahead_of_runs().values("run")
    return mine.exclude(pk__in=settling).first() or course_run("calm")
