"""A question as its author wants to see it: the card, its hints, and every reply to it."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from course.quiz import evidence, hints, marking
from course.quiz.cards import cards_for
from course.quiz.content import Content
from course.quiz.kinds import KINDS
from course.quiz.markdown import sentences
from course.quiz.misconceptions import BELIEFS
from course.quiz.models import QuestionVersion
from course.quiz.parts import Card, Feedback
from trainer.models import Run


@dataclass(frozen=True, slots=True)
class PreviewReply:
    """What one answer would be told."""

    answer: str
    belief: str
    feedback: Feedback


@dataclass(frozen=True, slots=True)
class Preview:
    """The card before an answer, its hints, the right answer, and the replies."""

    card: Card
    hints: list[SafeString]
    key: str
    replies: list[PreviewReply]


def preview(version: QuestionVersion, run: Run | None) -> Preview:
    """Beside a run, as a visitor."""
    content = Content.from_json(version.content)
    # The run of a question that needs one is not made for a preview: its numbers are left out.
    trace = run.load() if run and not content.needs else None
    values = evidence.values_of(content.probes(), trace)
    found = marking.marking(content, values)
    key = KINDS[content.kind].written(found.key, content) if found else ""
    replies = [
        PreviewReply(
            option.text or option.value,
            BELIEFS.get(option.misconception, ""),
            _reply(sentences(option.feedback, values), sentences(option.evidence, values)),
        )
        for option in content.options
        if option.feedback
    ]
    if content.nudge:
        replies.append(
            PreviewReply("anything else", "", _reply(sentences(content.nudge, values), ()))
        )
    right = Feedback(right=True, text=sentences(content.explanation, values))
    return Preview(
        card=cards_for([version], None, run)[0],
        hints=list(hints.told(content, values).values()),
        key=key,
        replies=[*replies, PreviewReply(key, "", right)],
    )


def _reply(denied: tuple[SafeString, ...], shown: tuple[SafeString, ...]) -> Feedback:
    title = denied[0] if denied else ""
    return Feedback(right=False, title=title, text=denied[1:], evidence=shown)
