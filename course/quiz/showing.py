"""Where a belief can be seen put to the test, for the replies that name it.

This room knows beliefs and no experiments. Who has some says so by `shows`, in a module named
`showing` of an app of its own, which is imported when the site starts.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from course.quiz.parts import Card, Feedback, Shown

Show = Callable[[Collection[str]], Mapping[str, Shown]]
"""From ids of the catalogue to experiments, of those that have one. It may ask once."""

_SHOW: list[Show] = []


def shows(show: Show) -> Show:
    """Ask this function, too. Of several the first that knows a belief is heard."""
    _SHOW.append(show)
    return show


def in_cards(cards: list[Card]) -> list[Card]:
    """The cards of a page with experiments in their replies, asked for together."""
    told = in_replies([card.feedback for card in cards])
    return [replace(card, feedback=each) for card, each in zip(cards, told, strict=True)]


def in_replies(replies: list[Feedback | None]) -> list[Feedback | None]:
    """The same of replies alone, None where there is none so far."""
    shown = _shown({belief for each in replies if each for belief in each.beliefs})
    return [each and _with(each, shown) for each in replies]


def _with(feedback: Feedback, shown: Mapping[str, Shown]) -> Feedback:
    found = tuple(shown[belief] for belief in feedback.beliefs if belief in shown)
    return replace(feedback, experiments=found)


def _shown(beliefs: Collection[str]) -> dict[str, Shown]:
    found: dict[str, Shown] = {}
    for show in _SHOW if beliefs else ():
        found = {**show(beliefs), **found}
    return found
