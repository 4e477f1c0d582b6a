"""Lines with blanks, each filled from a closed list.

In `code` a blank is written `{right|wrong|wrong}`: the author's filling comes first, learners see
them sorted. What the fillings make is matched with the vocabulary. Right is what comes to the same
lines as the author's, or, where the question asks for facts, what the run bears out.

The form sends `2=0` for the third blank filled with the first of its list.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, ClassVar

from course.quiz.content import Content
from course.quiz.kinds import executed
from course.quiz.kinds.base import (
    BadResponseError,
    Kind,
    Marking,
    Response,
    Sample,
    Verdict,
    lines_of,
    nudged,
    replied,
)
from course.quiz.kinds.order import FORGED
from course.quiz.roles import Values
from course.quiz.slips import Slip
from trainer.engine.facts import FACTS
from trainer.engine.program import Program
from trainer.engine.typed import read, read_lines
from trainer.engine.vocabulary import VOCABULARY

MOST_WAYS = 5000
"""To fill all blanks: so many can be tried when a question is checked."""

_BLANK = re.compile(r"\{([^{}|\n]+(?:\|[^{}|\n]+)+)\}")
_FILLED = re.compile(r"([0-9]{1,2})=([0-9]{1,2})", re.ASCII)


class Blank(Kind):
    """Right is what makes the author's lines, in whatever way it is spelled."""

    control: ClassVar[str] = "blanks"
    runs: ClassVar[bool] = True

    def hint(self, content: Content) -> str:
        """What happens to it."""
        return "The lines that you make are run." if content.facts else "Fill every blank."

    def asks(self, content: Content, values: Values, shown: Sequence[str]) -> dict[str, Any]:  # noqa: ARG002
        """Rows of pieces: text, or a blank with its fillings."""
        pieces, number = list[dict[str, Any]](), 0
        for index, piece in enumerate(_BLANK.split(content.code)):
            if index % 2 == 0:
                pieces.append({"text": piece})
                continue
            options = [
                {"value": f"{number}={place}", "label": filling}
                for place, filling in enumerate(sorted(piece.split("|")))
            ]
            number += 1
            pieces.append({"number": number, "fillings": options})
        return {"pieces": pieces}

    def parse(self, raw: str, content: Content, shown: Sequence[str]) -> Response:  # noqa: ARG002
        """Read the filling of each blank, in the order of the blanks."""
        blanks = fillings(content)
        given = dict[int, str]()
        for each in filter(None, lines_of(raw)):
            match = _FILLED.fullmatch(each)
            if not match or int(match[1]) >= len(blanks):
                raise BadResponseError(FORGED)
            choices = sorted(blanks[int(match[1])])
            if int(match[2]) >= len(choices):
                raise BadResponseError(FORGED)
            given[int(match[1])] = choices[int(match[2])]
        if len(given) < len(blanks):
            raise BadResponseError("Fill every blank.")
        return [given[number] for number in range(len(blanks))]

    def key(self, content: Content, values: Values) -> Response | None:  # noqa: ARG002
        """The first filling of each blank."""
        return [choices[0] for choices in fillings(content)]

    def wrong(self, content: Content, values: Values, key: Response) -> dict[str, Response]:  # noqa: ARG002
        """Wrong fillings are told by the lines that they make."""
        return {}

    def program(self, response: Response, content: Content) -> Program | None:
        """What the lines come to, if they are lines of the course."""
        return read(made(response, content), executed.SETTINGS).program if content.facts else None

    def grade(self, response: Response, content: Content, marking: Marking) -> Verdict:
        """All points or none."""
        text = made(response, content)
        if content.facts:
            correct = executed.borne_out(content, marking.facts)
        else:
            correct = text == made(marking.key, content) or (
                bool(ids_of(text)) and ids_of(text) == ids_of(made(marking.key, content))
            )
        if correct:
            return Verdict(correct=True, share=1.0)
        found = [each.name for each in content.options if _is_made(each.value, text, marking)]
        return Verdict(correct=False, share=0.0, matched="".join(found[:1]))

    def written(self, response: Response, content: Content) -> str:
        """The lines, filled."""
        return made(response, content)

    def samples(self, content: Content, marking: Marking, shown: Sequence[str]) -> list[Sample]:  # noqa: ARG002
        """The author's fillings, those that make each wrong line to expect, and none."""
        sets = fillings(content)
        ways = list(product(*sets))
        found = [Sample(_raw([choices[0] for choices in sets], sets), 1.0)]
        for option in content.options:
            making = [way for way in ways if _makes(option.value, made(list(way), content))]
            found += [Sample(_raw(way, sets), 0.0, option.name) for way in making[:1]]
        return [*found, Sample("", None)]

    def variations(self, content: Content) -> list[Response]:
        """Every way to fill the blanks."""
        return [list(way) for way in product(*fillings(content))]

    def problems(self, content: Content) -> Iterator[Slip]:
        """Blanks, lines of the course, and something to say to each wrong one."""
        yield from nudged(content)
        yield from executed.fact_slips(content)
        ways = 1
        for choices in fillings(content):
            ways *= len(choices)
        if not 1 < ways <= MOST_WAYS:
            yield Slip("code: has no blank {right|wrong}, or too many.", ("code",))
            return
        if not ids_of(made(self.key(content, {}) or [], content)):
            yield Slip("code: with the first fillings it is no line of the course.", ("code",))
        texts = [made(list(way), content) for way in product(*fillings(content))]
        for index, option in enumerate(content.options):
            if option.value not in FACTS and not any(_makes(option.value, each) for each in texts):
                reason = f"option {option.name!r}: no filling makes {option.value!r}."
                yield Slip(reason, ("choice", index, "value"))
            yield from replied(index, option)


def fillings(content: Content) -> list[list[str]]:
    """Of each blank, as the author wrote them."""
    return [found.split("|") for found in _BLANK.findall(content.code)]


def made(response: Response, content: Content) -> str:
    """The lines with these fillings."""
    given = iter(response if isinstance(response, list) else [response])
    return _BLANK.sub(lambda _: str(next(given, "")), content.code)


def ids_of(text: str) -> tuple[str, ...]:
    """The lines of the vocabulary that a text comes to; none where any of it is no such line."""
    return read_lines(text, executed.SETTINGS)[0]


def _makes(value: str, text: str) -> bool:
    """Whether a text is what an author expects: word for word, or by the ids of its lines."""
    return value == text or (value in VOCABULARY and ids_of(text) == (value,))


def _is_made(value: str, text: str, marking: Marking) -> bool:
    if value in FACTS:
        return not marking.facts.get(value, False)
    return _makes(value, text)


def _raw(way: Sequence[object], sets: Sequence[Sequence[str]]) -> str:
    """Fillings as the form sends them."""
    places = [sorted(choices).index(str(each)) for each, choices in zip(way, sets, strict=True)]
    return "\n".join(f"{number}={place}" for number, place in enumerate(places))
