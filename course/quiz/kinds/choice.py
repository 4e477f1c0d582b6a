"""One of several options. The form sends the place of an option in the order shown."""

import re
from collections.abc import Sequence

from course.quiz.content import Content
from course.quiz.kinds.base import BadResponseError, Marking, Response, Sample, Verdict

_PLACE = re.compile(r"[0-9]{1,2}", re.ASCII)


class Choice:
    """Right is the option that the key names."""

    hint = ""

    def parse(self, raw: str, options: Sequence[str]) -> Response:
        """Turn a place into the option's name."""
        if not _PLACE.fullmatch(raw) or int(raw) >= len(options):
            raise BadResponseError("Choose one of the options.")
        return options[int(raw)]

    def literal(self, value: str | float) -> Response:
        """Take the name of an option."""
        if not isinstance(value, str):
            raise ValueError(f"{value!r} is not the name of an option.")  # noqa: TRY004
        return value

    def grade(self, response: Response, content: Content, marking: Marking) -> Verdict:  # noqa: ARG002
        """All points or none."""
        correct = response == marking.key
        return Verdict(correct, float(correct), matched=str(response))

    def written(self, response: Response, content: Content) -> str:
        """The option's text."""
        option = content.option(str(response))
        return option.text if option else str(response)

    def samples(self, content: Content, marking: Marking, options: Sequence[str]) -> list[Sample]:  # noqa: ARG002
        """Each option, and a place that no option has."""
        each = [
            Sample(str(place), float(name == marking.key), name)
            for place, name in enumerate(options)
        ]
        return [*each, Sample(str(len(options)), None)]
