"""Where somebody stopped, and what is next, with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from course.accounts.models import User
from course.lessons.models import Lesson
from course.progress.scores import Scores
from course.quiz.models import Answer
from trainer.models import Run

PIPELINE = "pipeline"


@dataclass(frozen=True, slots=True)
class NextStep:
    """A place to go on, and why there."""

    title: str
    reason: str
    href: str
    label: str


def next_step(
    learner: User | None, run: Run | None, lessons: Sequence[Scores], due: int = 0
) -> NextStep | None:
    """None for who has neither run nor answered anything so far.

    run: one's latest. due: questions that came back. They come first, as each has its day.
    """
    last = _last_lesson(learner)
    if learner is None or (run is None and last is None):
        return None
    if due:
        return _recall(due)
    if run is None:
        return NextStep(
            "Make a run of your own",
            "You have answered questions beside a run of the course. Now ask about your own.",
            f"{reverse('pipeline')}#ask",
            "To the loop",
        )
    stopped = next((each for each in lessons if each.lesson.pk == last), None)
    if stopped and not stopped.is_done:
        return _go_on(stopped)
    after = _after(stopped, lessons)
    return _begin(after, stopped) if after else _all_done(lessons)


def _recall(due: int) -> NextStep:
    came, them = ("1 question is", "it") if due == 1 else (f"{due} questions are", "them")
    reason = f"You answered {them} on an earlier day. See what you still know, then go on."
    return NextStep(f"{came} due", reason, reverse("recall"), "Recall")


def _last_lesson(learner: User | None) -> int | None:
    """The lesson of the latest answer; a prediction belongs to the run that it was made for."""
    in_lessons = Answer.objects.in_lessons().filter(learner=learner)
    given = in_lessons.filter(question__place__in=("stage", "quiz"))
    return given.order_by("-pk").values_list("question__lesson", flat=True).first()


def _after(stopped: Scores | None, lessons: Sequence[Scores]) -> Scores | None:
    """The next lesson that is not done: behind the last one, or else from the start."""
    start = lessons.index(stopped) + 1 if stopped else 0
    return next((each for each in [*lessons[start:], *lessons[:start]] if not each.is_done), None)


def _go_on(stopped: Scores) -> NextStep:
    left = stopped.questions - stopped.answered
    open_ = "1 question is" if left == 1 else f"{left} questions are"
    reason = f"You stopped here: {open_} open of {stopped.questions}."
    return NextStep(stopped.lesson.title, reason, page_of(stopped.lesson), "Go on")


def _begin(after: Scores, before: Scores | None) -> NextStep:
    done = f"{before.lesson.title} is done. " if before else "Your run is there. "
    reason = done + after.lesson.summary
    return NextStep(after.lesson.title, reason, page_of(after.lesson), "Begin")


def _all_done(lessons: Sequence[Scores]) -> NextStep:
    reached, points = sum(each.reached for each in lessons), sum(each.points for each in lessons)
    return NextStep(
        "Every question is answered",
        f"You reached {reached:g} of {points:g} points. A run with other settings asks them anew.",
        reverse("my-progress"),
        "Look at your progress",
    )


def page_of(lesson: Lesson) -> str:
    """The address of a lesson's page; the pipeline has its own."""
    if lesson.slug == PIPELINE:
        return reverse("pipeline")
    return reverse("lesson", args=[lesson.slug])
