"""A learner's hands in recall: answer in a lesson, and again from memory."""

from fsrs import Rating

from course.accounts.models import User
from course.quiz import anew, versions
from course.quiz.models import Mode, Question
from course.quiz.parts import Card
from course.quiz.reply import Reply, reply
from course.recall import schedule
from course.recall.models import Memory
from tests.course.quiz.posting import card, nobody, place, send
from trainer.models import Run


def learn(question: Question, learner: User, option: str = "step") -> None:
    """Answer a small choice in its lesson."""
    shown = card(question, learner)
    assert send(learner, shown, place(shown, option)).status == 200


def asked(question: Question, learner: User, run: Run | None = None) -> Card:
    """The card as recall asks it."""
    return anew.asked(versions.current_of(question.pk), learner, run, Mode.RECALL)


def recall(learner: User, shown: Card, raw: str, confidence: str = "sure") -> Reply:
    """Post a card of recall."""
    form = {"token": shown.token, "response": raw, "confidence": confidence}
    return reply(learner, nobody, form, Mode.RECALL)


def recall_option(question: Question, learner: User, option: str = "step") -> Reply:
    """Answer a small choice from memory."""
    shown = asked(question, learner)
    return recall(learner, shown, place(shown, option))


def follows_from_its_log(memory: Memory) -> bool:
    """Whether a memory is what FSRS makes of its reviews, and nothing else."""
    log = [(Rating(each.rating), each.at) for each in memory.log.order_by("pk")]
    card_ = schedule.replayed(memory.question_id, log)
    return (memory.card, memory.due, memory.reviews) == (schedule.kept(card_), card_.due, len(log))
