"""What is said to an answer, from the version and the numbers that it was given to.

What may be told when is decided here. After a wrong answer with attempts left: why this belief is
wrong, and the evidence. Only when it is over: the right answer and the explanation.
"""

from django.utils.safestring import SafeString

from course.quiz import evidence, marking
from course.quiz.content import Content
from course.quiz.kinds import KINDS
from course.quiz.markdown import inline, sentences
from course.quiz.models import Answer, Confidence
from course.quiz.parts import Feedback, RunBadge
from course.quiz.roles import Values

CLOSE = SafeString("Close.")
SURE = SafeString("You were sure, so look closely at the evidence.")


def feedback(answer: Answer, badge: RunBadge | None, *, over: bool) -> Feedback:
    """The reply to a graded answer."""
    content, values = Content.from_json(answer.version.content), evidence.recall(answer.evidence)
    explanation = sentences(content.explanation, values)
    if answer.correct:
        return Feedback(right=True, title="", text=explanation, run=badge)
    option = content.option(answer.matched)
    denied = sentences(option.feedback if option else content.nudge, values)
    if answer.score:
        denied = (CLOSE, *denied[1:])
    shown = sentences(option.evidence, values) if option else ()
    if answer.confidence == Confidence.SURE and shown:
        shown = (SURE, *shown)
    return Feedback(
        right=False,
        title=denied[0] if denied else "",
        text=denied[1:],
        evidence=shown,
        explanation=explanation if over else (),
        key=_key(content, values) if over else "",
        run=badge,
    )


def _key(content: Content, values: Values) -> SafeString | str:
    """The right answer as a learner would write it. A choice marks its option instead."""
    found = marking.marking(content, values)
    if found is None or content.kind == "choice":
        return ""
    return inline(f"`{KINDS[content.kind].written(found.key, content)}`", {})
