"""From a question and the numbers of a run to a verdict. Pure."""

from collections.abc import Sequence

from course.quiz import evidence, roles
from course.quiz.content import Content
from course.quiz.kinds import KINDS, Marking, Response, Sample, Verdict
from course.quiz.roles import Values


def marking(content: Content, values: Values) -> Marking | None:
    """The right answer and the wrong ones to expect, or None where the run has no such thing.

    Nor has it one where it does not bear out what the question takes for granted.
    """
    kind = KINDS[content.kind]
    key = kind.key(content, values)
    if (
        key is None
        or not content.condition().holds(values)
        or not all(roles.present(text, values) for text in _shown(content))
    ):
        return None
    return Marking(key, kind.wrong(content, values, key), evidence.facts(values))


def grade(content: Content, values: Values, response: Response) -> Verdict | None:
    """What a response is worth under the numbers of a run."""
    found = marking(content, values)
    return KINDS[content.kind].grade(response, content, found) if found else None


def samples(content: Content, values: Values, shown: Sequence[str]) -> list[Sample]:
    """Answers whose verdict is known, for a question that the run can be asked."""
    found = marking(content, values)
    return KINDS[content.kind].samples(content, found, shown) if found else []


def misconceptions(content: Content, verdict: Verdict) -> list[str]:
    """The beliefs that an answer shows, the most important first."""
    return [] if verdict.correct else beliefs(content, verdict.matched)


def beliefs(content: Content, matched: str) -> list[str]:
    """Those of the options that have something to say to an answer, each once."""
    options = [content.option(name) for name in matched.split()]
    shown = (each.misconception for each in options if each and each.misconception)
    return list(dict.fromkeys(shown))


def _shown(content: Content) -> list[str]:
    return [content.prompt, content.note, *(option.text for option in content.options)]
