"""Whose turn it is: the question that is asked now, and those that wait for a run."""

from collections.abc import Sequence
from dataclasses import dataclass

from course.accounts.models import User
from course.lessons.told import told_run
from course.quiz import anew, versions
from course.quiz.content import Content
from course.quiz.models import Mode
from course.quiz.parts import Card
from course.recall.due import last_lesson, mixed
from course.recall.fresh import fresh_run
from course.recall.models import Memory
from trainer.models import Run


@dataclass(frozen=True, slots=True)
class Turn:
    """The question to ask, None where there is none. `run`: the one that it is about.

    waiting: how many were passed over, because no run is left that they could be asked about.
    """

    card: Card | None = None
    run: Run | None = None
    waiting: int = 0


def turn(learner: User, due: Sequence[Memory]) -> Turn:
    """The first that can be asked, mixed over lessons. Writes and computes nothing."""
    waiting = 0
    for memory in mixed(due, last_lesson(learner)):
        version = versions.current_of(memory.question_id)
        content = Content.from_json(version.content)
        about_run = content.asks_about_run()
        run = fresh_run(learner, memory, content) if about_run else _cited(learner, content)
        if run or not about_run:
            card = anew.asked(version, learner, run, Mode.RECALL)
            return Turn(card, run if about_run else None, waiting)
        waiting += 1
    return Turn(waiting=waiting)


def _cited(learner: User, content: Content) -> Run | None:
    """Where only the reply has numbers, they may be of any run: of one that the learner knows."""
    return told_run(learner, "") if content.probes() else None
