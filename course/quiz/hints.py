"""The hints of a question: a line each, by its number from 1. Pure.

One that asks for a number which the run does not have is left out, as everywhere; the others keep
their numbers, so that what was taken stays what was taken.
"""

import re
from collections.abc import Collection, Iterator

from django.utils.safestring import SafeString

from course.quiz import roles
from course.quiz.content import Content
from course.quiz.kinds import KINDS
from course.quiz.markdown import inline
from course.quiz.roles import Values


def told(content: Content, values: Values) -> dict[int, SafeString]:
    """Every hint that this run can give, the first to show first."""
    lines = enumerate(content.hints.splitlines(), 1)
    return {number: inline(line, values) for number, line in lines if roles.present(line, values)}


def following(given: Collection[int], taken: Collection[int]) -> int:
    """The number of the next hint, 0 where there is no more."""
    return next((number for number in given if number not in taken), 0)


def giveaways(content: Content) -> Iterator[tuple[int, str]]:
    """Lines that hold the right answer, and what of it they hold. For a question that is whole."""
    for number, line in enumerate(content.hints.splitlines(), 1):
        if (probe := roles.alone(content.key)) and probe in roles.names(line):
            yield number, f"{{probe {probe}}}"
        for text in sorted(_answers(content)):
            if re.search(rf"(?<![\w.]){re.escape(text)}(?!\w|\.\d)", line):
                yield number, text


def _answers(content: Content) -> set[str]:
    """The right answer where it is the same for every run: as an author and as a learner has it."""
    key, kind = KINDS[content.kind].key(content, {}), KINDS[content.kind]
    written = "" if key is None else kind.written(key, content)
    own = "" if roles.names(content.key) else content.key
    return {text for text in (written, own) if text and not roles.names(text)}
