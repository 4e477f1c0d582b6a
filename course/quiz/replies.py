"""What is said to an answer, from the version and the numbers that it was given to.

What may be told when is decided here. After a wrong answer with attempts left: why this belief is
wrong, and the evidence. Only when it is over: the right answer and the explanation.
"""

from django.utils.safestring import SafeString

from course.quiz import evidence, marking
from course.quiz.content import Content
from course.quiz.kinds import KINDS
from course.quiz.markdown import sentences
from course.quiz.marks import marks
from course.quiz.models import Answer, Confidence
from course.quiz.parts import Feedback, RunBadge
from course.quiz.roles import Values

ABSENT = "Not graded: in this run it did not happen."
NO_NUMBER = "Not graded: this run has no number to compare with."
MOST_SHOWN = 2
"""Beliefs of an answer that experiments are named for."""


def feedback(answer: Answer, badge: RunBadge | None, *, over: bool) -> Feedback:
    """The reply to a graded answer."""
    content, values = Content.from_json(answer.version.content), evidence.recall(answer.evidence)
    if answer.ungraded:
        return _ungraded(content, values, badge)
    explanation = sentences(content.explanation, values)
    if answer.correct:
        return Feedback(right=True, title="", text=explanation, run=badge, marks=marks(answer))
    options = [content.option(name) for name in answer.matched.split()]
    told = [option for option in options if option and option.feedback]
    denied = sentences("\n".join(each.feedback for each in told) or content.nudge, values)
    if answer.score:
        kind = KINDS[content.kind]
        denied = (SafeString(kind.close), *(denied if kind.parts else denied[1:]))
    shown = sentences("\n".join(each.evidence for each in told), values)
    return Feedback(
        right=False,
        title=denied[0] if denied else "",
        text=denied[1:],
        evidence=shown,
        explanation=explanation if over else (),
        key=_key(content, values) if over else "",
        run=badge,
        sure=answer.confidence == Confidence.SURE and not answer.score,
        beliefs=tuple(marking.beliefs(content, answer.matched)[:MOST_SHOWN]),
        marks=marks(answer),
    )


def _ungraded(content: Content, values: Values, badge: RunBadge | None) -> Feedback:
    """No explanation: it tells of what this run does not show."""
    shown = content.condition().holds(values)
    text = () if shown else sentences(content.otherwise, values)
    return Feedback(
        right=False, graded=False, title=NO_NUMBER if shown else ABSENT, text=text, run=badge
    )


def _key(content: Content, values: Values) -> str:
    """The right answer as a learner would write it. Where options are listed they are marked."""
    found, kind = marking.marking(content, values), KINDS[content.kind]
    return "" if found is None or kind.lists else kind.written(found.key, content)
