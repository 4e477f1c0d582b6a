"""A question asked anew: alone, once, whatever was answered to it before.

In a lesson a card carries all attempts at it. Here each occasion is an attempt of its own, and
over with one answer.
"""

from dataclasses import replace

from course.accounts.models import User
from course.quiz import evidence, faces, replies, showing, tokens
from course.quiz.content import Content
from course.quiz.faces import Face
from course.quiz.kinds import KINDS
from course.quiz.models import Answer, QuestionVersion
from course.quiz.parts import Card
from course.quiz.taking import NONE, taken_of
from trainer.models import Run
from trainer.pages import badge_of


def asked(version: QuestionVersion, learner: User | None, run: Run | None, mode: str) -> Card:
    """The card before the answer. Writes nothing.

    Options stand in another order each time, so that their places are not what is remembered.
    """
    content = Content.from_json(version.content)
    variant = run.pk if run and content.asks_about_run() else ""
    attempt = _attempts(version, learner, mode, variant) + 1
    values = evidence.values_of(content.probes(), run.load() if run else None)
    whose = learner.pk if learner else 0
    shown = _order(content, version.question_id, whose, mode, variant, attempt)
    taken = taken_of(learner, {version.question_id: variant}, mode, attempt).get(version.pk, NONE)
    card = _card(Face(version.question, content, values, 1, (), tuple(shown), taken), mode)
    token = tokens.Token(
        version=version.pk,
        run=run.pk if run and content.probes() else "",
        attempt=attempt,
        learner=whose,
        order=tokens.places(shown, version.pk),
        mode=mode,
    )
    return card if card.is_over else replace(card, token=token.signed(), draft=token.draft)


def told(answer: Answer) -> Card:
    """The card after it, with all that there is to say."""
    content, values = Content.from_json(answer.version.content), evidence.recall(answer.evidence)
    face = Face(answer.question, content, values, 1, (answer,), tuple(answer.shown))
    badge = badge_of(answer.run) if answer.run else None
    feedback = replies.feedback(answer, badge, over=True)
    return showing.in_cards([replace(_card(face, answer.mode), feedback=feedback)])[0]


def _card(face: Face, mode: str) -> Card:
    """Nothing is to be earned here, so no points are named."""
    return replace(faces.card(face), place=mode, worth="")


def _attempts(version: QuestionVersion, learner: User | None, mode: str, variant: str) -> int:
    given = Answer.objects.filter(
        learner=learner, question=version.question_id, mode=mode, variant=variant
    )
    return given.count()


def _order(content: Content, *seed: object) -> list[str]:
    return tokens.shuffled(KINDS[content.kind].shuffled(content), *seed)
