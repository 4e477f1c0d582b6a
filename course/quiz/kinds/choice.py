"""One of several options. The form sends the place of an option in the order shown."""

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

from course.quiz import roles
from course.quiz.content import Content, Option
from course.quiz.kinds.base import BadResponseError, Kind, Marking, Response, Sample, Verdict
from course.quiz.roles import Values
from course.quiz.slips import Slip

FEWEST_OPTIONS = 2
MOST_OPTIONS = 12

_PLACE = re.compile(r"[0-9]{1,2}", re.ASCII)


class Choice(Kind):
    """Right is the option that the key names."""

    control: ClassVar[str] = "options"
    lists: ClassVar[bool] = True
    again: ClassVar[bool] = False

    def shuffled(self, content: Content) -> list[str]:
        """All options."""
        return [option.name for option in content.options]

    def parse(self, raw: str, content: Content, shown: Sequence[str]) -> Response:  # noqa: ARG002
        """Turn a place into the option's name."""
        return option_at(raw, shown)

    def literal(self, value: str | float | list[float]) -> Response:
        """Take the name of an option."""
        if not isinstance(value, str):
            raise ValueError(f"{value!r} is not the name of an option.")  # noqa: TRY004
        return value

    def key(self, content: Content, values: Values) -> Response | None:
        """The option that is marked, or that a probe names."""
        if not content.key:
            return next((each.name for each in content.options if each.correct), None)
        name = self.resolved(content.key, values)
        return name if content.option(str(name)) else None

    def wrong(self, content: Content, values: Values, key: Response) -> dict[str, Response]:  # noqa: ARG002
        """All other options."""
        return {each.name: each.name for each in content.options if each.name != key}

    def grade(self, response: Response, content: Content, marking: Marking) -> Verdict:  # noqa: ARG002
        """All points or none."""
        correct = response == marking.key
        return Verdict(correct, float(correct), matched=str(response))

    def written(self, response: Response, content: Content) -> str:
        """The option's text."""
        option = content.option(str(response))
        return option.text if option else str(response)

    def samples(self, content: Content, marking: Marking, shown: Sequence[str]) -> list[Sample]:  # noqa: ARG002
        """Each option, and a place that no option has."""
        each = [
            Sample(str(place), float(name == marking.key), name) for place, name in enumerate(shown)
        ]
        return [*each, Sample(str(len(shown)), None)]

    def problems(self, content: Content) -> Iterator[Slip]:
        """One option is right, and each other is answered."""
        yield from counted(content.options)
        if content.key and not roles.alone(content.key):
            reason = "key: of a choice, a probe or nothing; mark the right option instead."
            yield Slip(reason, ("key",))
        right = [option for option in content.options if option.correct]
        if len(right) != (0 if content.key else 1):
            yield Slip("mark one option as right, or none where a probe names it.")
        wrong = [pair for pair in enumerate(content.options) if not pair[1].correct]
        for index, option in wrong:
            if not option.feedback.strip():
                yield Slip(f"option {option.name!r}: has no feedback.", ("choice", index))
        # Where a probe names the right option, one of them is right in the usual run.
        unnamed = [index for index, option in wrong if not option.misconception]
        if len(unnamed) > bool(content.key):
            yield Slip("every wrong option names a misconception.", ("choice", unnamed[-1]))


def option_at(raw: str, shown: Sequence[str]) -> str:
    """The name of the option that stood at a place."""
    if not _PLACE.fullmatch(raw) or int(raw) >= len(shown):
        raise BadResponseError("Choose one of the options.")
    return shown[int(raw)]


def counted(options: Sequence[Option]) -> Iterator[Slip]:
    """As many as can be compared with one another."""
    if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        yield Slip(f"a choice has {FEWEST_OPTIONS} to {MOST_OPTIONS} options.")
