"""Lines to put in order: of a program, which is then run, or of any sequence.

Options with a text are the lines. Those that are marked right belong, in the author's order; the
others do not. Where the question asks for facts, the texts are ids of the vocabulary, several of
which make a block that is moved as one, and whatever order the run bears out is right. A question
that offers `for_batch` asks for a whole program; what such a one makes before its loops, and the
question does not offer, is made for it. Options with a value are wrong orders to expect, see
`executed`.

The form sends `2=1` for the line shown third that stands first, and `2:1` for how far it is moved
in; a line without a place is left out.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any, ClassVar

from course.quiz.content import Content, Option
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
from course.quiz.markdown import inline
from course.quiz.roles import Values
from course.quiz.slips import Slip
from trainer.engine.program import INDENT, MAX_LEVEL, Program, ProgramError
from trainer.engine.typed.reading import BODY_LEVEL
from trainer.engine.vocabulary import SETUP, VOCABULARY

FEWEST_LINES, MOST_LINES = 2, 24
DEEPEST = MAX_LEVEL - BODY_LEVEL

_PLACED = re.compile(r"([0-9]{1,2})(?:=([0-9]{0,2})|:([0-9]))", re.ASCII)
FORGED = "This form was changed on its way. Open the page anew."


class Order(Kind):
    """Right is the author's order, or, where facts are asked for, any that the run bears out."""

    control: ClassVar[str] = "order"
    runs: ClassVar[bool] = True

    def hint(self, content: Content) -> str:
        """What to do, and what happens to it."""
        what = "Give each line that belongs its place, and leave the others out."
        if content.levels:
            what += " Move lines in that stand inside another."
        return f"{what} What you put together is run." if content.facts else what

    def shuffled(self, content: Content) -> list[str]:
        """The lines."""
        return [option.name for option in lines(content)]

    def asks(self, content: Content, values: Values, shown: Sequence[str]) -> dict[str, Any]:
        """The lines as shown, and what can be chosen for each."""
        given = {option.name: option for option in lines(content)}
        return {
            "lines": [
                {
                    "text": _text(content, given[name], values),
                    "places": _choices(place, "=", range(1, len(shown) + 1)),
                    "levels": _choices(place, ":", range(DEEPEST + 1)) if content.levels else [],
                    "out": f"{place}=",
                }
                for place, name in enumerate(shown)
            ],
            "code": bool(content.facts),
        }

    def parse(self, raw: str, content: Content, shown: Sequence[str]) -> Response:
        """Read places and levels: names in their order, with the level behind a colon."""
        places, levels = dict[int, str](), dict[str, int]()
        for each in lines_of(raw) if raw else []:
            match = _PLACED.fullmatch(each)
            if not match or int(match[1]) >= len(shown):
                raise BadResponseError(FORGED)
            name = shown[int(match[1])]
            if match[3]:
                levels[name] = int(match[3])
            elif match[2]:
                _put(places, int(match[2]), name)
        if not places:
            raise BadResponseError("Give at least one line a place.")
        if max(levels.values(), default=0) > DEEPEST:
            raise BadResponseError(FORGED)
        placed = [places[place] for place in sorted(places)]
        return [f"{name}:{levels.get(name, 0)}" if content.levels else name for name in placed]

    def key(self, content: Content, values: Values) -> Response | None:  # noqa: ARG002
        """The author's order."""
        ids = [option for option in lines(content) if option.correct]
        if not content.levels:
            return [option.name for option in ids]
        levels = [VOCABULARY[option.text.split()[0]].level for option in ids]
        return [
            f"{each.name}:{level - min(levels)}" for each, level in zip(ids, levels, strict=True)
        ]

    def wrong(self, content: Content, values: Values, key: Response) -> dict[str, Response]:  # noqa: ARG002
        """Wrong orders are told by what is wrong with them."""
        return {}

    def program(self, response: Response, content: Content) -> Program | None:
        """The lines at their levels; in the frame of the correct loop, unless they bring theirs."""
        if not content.facts:
            return None
        given = [line for each in _list(response) for line in _placed(str(each), content)]
        whole = _is_whole(content)
        if whole and "for_batch" not in dict(given):
            return None
        base = 0 if whole else BODY_LEVEL
        items = [f"{name}:{level + base}" for name, level in given]
        try:
            return Program.parse(",".join([*_made_for(content), *items]))
        except ProgramError:
            return None

    def grade(self, response: Response, content: Content, marking: Marking) -> Verdict:
        """All points or none; the first option that has something to say says it."""
        given = _names(response)
        if content.facts:
            correct = executed.borne_out(content, marking.facts)
        else:
            correct = response == marking.key
        if correct:
            return Verdict(correct=True, share=1.0)
        found = [each.name for each in content.options if _speaks(each, given, marking)]
        return Verdict(correct=False, share=0.0, matched="".join(found[:1]))

    def written(self, response: Response, content: Content) -> str:
        """A line each; a program's as Python has them."""
        return "\n".join(_written(str(each), content) for each in _list(response))

    def samples(self, content: Content, marking: Marking, shown: Sequence[str]) -> list[Sample]:
        """The author's order, each wrong one that is told by its lines, and none at all."""
        key = _names(marking.key)
        levels = dict(each.partition(":")[::2] for each in map(str, _list(marking.key)))
        orders = [
            (option.name, executed.rearranged(key, option.value.split()))
            for option in content.options
            if len(option.value.split()) > 1
        ]
        raws = [(name, _raw(order, levels, shown)) for name, order in orders]
        wrong = [Sample(raw, 0.0, name) for name, raw in raws]
        return [Sample(_raw(key, levels, shown), 1.0), *wrong, Sample("", None)]

    def variations(self, content: Content) -> list[Response]:
        """The key with a line moved or left out, and with a line more at each place."""
        key = [str(each) for each in _list(self.key(content, {}) or [])]
        others = [option.name for option in lines(content) if not option.correct]
        added = [
            [*key[:place], f"{name}:0" if content.levels else name, *key[place:]]
            for name in others
            for place in range(len(key) + 1)
        ]
        return [each for each in executed.near_misses(key) + added if each]

    def problems(self, content: Content) -> Iterator[Slip]:
        """Lines that can be ordered, and something to say to each wrong order."""
        given = lines(content)
        yield from nudged(content)
        yield from executed.fact_slips(content)
        right = [option for option in given if option.correct]
        if not FEWEST_LINES <= len(right) <= len(given) <= MOST_LINES:
            yield Slip(f"mark at least {FEWEST_LINES} of at most {MOST_LINES} lines as right.")
        if content.levels and not content.facts:
            yield Slip("levels: only of a program; ask for facts, too.", ("levels",))
        yield from executed.expected_slips(content, [option.name for option in given])
        for index, option in enumerate(content.options):
            for name in option.text.split() if content.facts else ():
                if name not in VOCABULARY:
                    reason = f"option {option.name!r}: {name!r} is not in the vocabulary."
                    yield Slip(reason, ("choice", index, "text"))
            if bool(option.text) == bool(option.value):
                yield Slip(f"option {option.name!r}: a text or a value.", ("choice", index))
            if option.value or option.feedback:
                yield from replied(index, option)


def lines(content: Content) -> list[Option]:
    """The options that are to be put in order."""
    return [option for option in content.options if option.text]


def _speaks(option: Option, given: Sequence[str], marking: Marking) -> bool:
    """Whether an option has something to say to a wrong order."""
    if option.value:
        return executed.applies(option, given, marking.facts)
    return bool(option.feedback) and (option.name in given) != option.correct


def _put(places: dict[int, str], place: int, name: str) -> None:
    if place in places:
        raise BadResponseError(f"Two lines stand at place {place}. Give each a place of its own.")
    places[place] = name


def _choices(line: int, sign: str, values: range) -> list[dict[str, Any]]:
    return [{"value": f"{line}{sign}{each}", "label": str(each)} for each in values]


def _text(content: Content, option: Option, values: Values) -> str:
    if not content.facts:
        return inline(option.text, values)
    first = VOCABULARY[option.text.split()[0]].level
    return "\n".join(
        _indented(name, VOCABULARY[name].level - first) for name in option.text.split()
    )


def _indented(name: str, level: int) -> str:
    rows = executed.source_of(name).split("\n")
    return "\n".join(INDENT * max(0, level) + row for row in rows)


def _list(response: Response) -> list[Any]:
    return response if isinstance(response, list) else [response]


def _names(response: Response) -> list[str]:
    return [str(each).partition(":")[0] for each in _list(response)]


def _is_whole(content: Content) -> bool:
    """Whether a whole program is to be put together, and not the inside of a loop."""
    return "for_batch" in _offered(content)


def _offered(content: Content) -> set[str]:
    return {name for option in lines(content) for name in option.text.split()}


def _made_for(content: Content) -> list[str]:
    """What a whole program makes before its loops and the question does not offer."""
    return [name for name in SETUP if name not in _offered(content)] if _is_whole(content) else []


def _placed(each: str, content: Content) -> list[tuple[str, int]]:
    """Ids of the lines of a block, and their levels within the program that is put together."""
    name, _, level = each.partition(":")
    option = content.option(name)
    ids = option.text.split() if option else []
    base = 0 if _is_whole(content) else BODY_LEVEL
    usual = [VOCABULARY[line].level for line in ids]
    moved = int(level) - usual[0] if level and usual else -base
    return [(line, at + moved) for line, at in zip(ids, usual, strict=True)]


def _written(each: str, content: Content) -> str:
    if not content.facts:
        option = content.option(each)
        return (option.text if option else "").replace("`", "")
    return "\n".join(_indented(name, level) for name, level in _placed(each, content))


def _raw(order: Sequence[str], levels: dict[str, str], shown: Sequence[str]) -> str:
    """An order as the form sends it."""
    number = count(1)
    placed = [(shown.index(name), name) for name in order]
    sent = [f"{line}={next(number)}" for line, _ in placed]
    sent += [f"{line}:{levels[name]}" for line, name in placed if levels.get(name)]
    return "\n".join(sent)
