"""Several of several options. The form sends the places of those that were chosen."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from course.quiz.content import Content
from course.quiz.kinds.base import (
    BadResponseError,
    Kind,
    Marking,
    Response,
    Sample,
    Verdict,
    lines_of,
    nudged,
)
from course.quiz.kinds.choice import counted, option_at
from course.quiz.roles import Values
from course.quiz.slips import Slip


class Multiple(Kind):
    """Right are all the options that are marked so, and no other.

    share = (right ones chosen - wrong ones chosen) / right ones there are, and not below 0: as
    Moodle counts it where each wrong one takes as much away as a right one gives.
    """

    control: ClassVar[str] = "options"
    lists: ClassVar[bool] = True
    close: ClassVar[str] = "Partly right."
    parts: ClassVar[bool] = True

    def hint(self, content: Content) -> str:
        """How it counts."""
        points = "the points" if content.points > 1 else "the point"
        return (
            f"Choose all that are right. Each right one earns its share of {points}, each wrong "
            "one takes as much away, and it never falls below 0."
        )

    def shuffled(self, content: Content) -> list[str]:
        """All options."""
        return [option.name for option in content.options]

    def parse(self, raw: str, content: Content, shown: Sequence[str]) -> Response:
        """Turn places into names, in the author's order."""
        if not raw:
            raise BadResponseError("Choose at least one of the options.")
        chosen = {option_at(each, shown) for each in lines_of(raw)}
        return [option.name for option in content.options if option.name in chosen]

    def key(self, content: Content, values: Values) -> Response | None:  # noqa: ARG002
        """Those that are marked."""
        return [option.name for option in content.options if option.correct]

    def wrong(self, content: Content, values: Values, key: Response) -> dict[str, Response]:  # noqa: ARG002
        """None of them alone is the wrong answer."""
        return {}

    def grade(self, response: Response, content: Content, marking: Marking) -> Verdict:
        """Count right against wrong; wrongly chosen ones are answered first."""
        chosen, key = names_in(response), names_in(marking.key)
        share = max(0, len(chosen & key) - len(chosen - key)) / len(key)
        added = [each.name for each in content.options if each.name in chosen - key]
        left = [each.name for each in content.options if each.name in key - chosen]
        correct = chosen == key
        return Verdict(correct, 1.0 if correct else share, matched=" ".join(added + left))

    def written(self, response: Response, content: Content) -> str:
        """The texts of the options."""
        chosen = names_in(response)
        return "; ".join(each.text for each in content.options if each.name in chosen)

    def samples(self, content: Content, marking: Marking, shown: Sequence[str]) -> list[Sample]:  # noqa: ARG002
        """All right ones; each right one left out; each wrong one added; none at all."""
        key = names_in(marking.key)

        def raw(names: set[str]) -> str:
            return "\n".join(str(place) for place, name in enumerate(shown) if name in names)

        near = (len(key) - 1) / len(key)
        left = [Sample(raw(key - {name}), near, name) for name in sorted(key) if len(key) > 1]
        added = [Sample(raw(key | {name}), near, name) for name in shown if name not in key]
        return [Sample(raw(key), 1.0), *left, *added, Sample("", None)]

    def problems(self, content: Content) -> Iterator[Slip]:
        """At least one is right; a wrong one is answered when it is chosen."""
        yield from counted(content.options)
        yield from nudged(content)
        if content.key:
            yield Slip("key: mark the right options instead.", ("key",))
        if not any(option.correct for option in content.options):
            yield Slip("mark at least one option as right.")
        for index, option in enumerate(content.options):
            where = f"option {option.name!r}"
            if not option.misconception and (option.feedback or not option.correct):
                yield Slip(f"{where}: names no misconception.", ("choice", index))
            if not option.feedback.strip() and not option.correct:
                yield Slip(f"{where}: has no feedback.", ("choice", index))


def names_in(response: Response) -> set[str]:
    """The names of a response that is a list of them."""
    return {str(each) for each in response} if isinstance(response, list) else {str(response)}
