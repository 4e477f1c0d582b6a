"""How many minutes a lesson takes, from what there is to read and to answer.

An estimate from figures of the field. Times of our own learners were not measured, so it says
nothing about them; pages round it up to whole minutes.
"""

import math
import re
from collections.abc import Iterable

from course.quiz.content import Content

WORDS_PER_MINUTE = 200
"""Silent reading of English non-fiction: 238 words per minute on average, 175 to 300 for most
adults, fewer for readers of a second language (Brysbaert 2019, Journal of Memory and Language 109,
a review of 190 studies). Taken from below the average: these texts hold symbols and code."""

QUESTION_SECONDS = 60
"""To think and to answer, beside reading the question. Planners of tests commonly allow one to two
minutes for a short question, its reading included; a rule of thumb and no measurement. The lower
end, because its words are counted apart."""

_DIRECTIVE = re.compile(r"^\s*\{(?!probe )[^{}]*\}\s*$", re.MULTILINE)
_CONDITION = re.compile(r"\{when [^{}]*\}")
_NUMBER = re.compile(r"\{probe [^{}]*\}")
_WORD = re.compile(r"\S*\w\S*")


def words(text: str) -> int:
    """Words to read: a number of the run is one; what places a figure or a question is none."""
    prose = _CONDITION.sub("", _DIRECTIVE.sub("", text))
    return len(_WORD.findall(_NUMBER.sub("0", prose)))


def minutes(text: str, questions: Iterable[Content]) -> int:
    """Whole minutes, at least one, for a text and its questions."""
    asked = list(questions)
    read = words(text) + sum(words(shown) for each in asked for shown in _shown(each))
    return max(1, math.ceil(read / WORDS_PER_MINUTE + len(asked) * QUESTION_SECONDS / 60))


def _shown(content: Content) -> Iterable[str]:
    """What stands there before an answer, and what is said after it."""
    return (
        content.prompt,
        content.note,
        content.explanation,
        *(option.text for option in content.options),
    )
