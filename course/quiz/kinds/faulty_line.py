"""A broken program, of which the faulty line is to be named; and the evidence, if it is asked for.

`code` is the program: ids of the vocabulary, a batch body or a whole program; `key` the id of the
faulty line, `step/2` for the second of its kind; `facts` what its run lacks, which a test tries.
Options with a value are wrong lines to expect, those with a text evidence to choose from.

The form sends `line=4`, counted from 1, and `evidence=0`, a place in the order shown.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
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
from course.quiz.kinds.choice import option_at
from course.quiz.markdown import inline
from course.quiz.roles import Values
from course.quiz.slips import Slip
from trainer.engine.program import INDENT, Placed, Program, ProgramError

HALF = 0.5
AROUND = ("for_batch", "scale")
"""What is shown of the frame around a batch body."""

_NAMED = re.compile(r"line=([0-9]{1,2})", re.ASCII)


class FaultyLine(Kind):
    """Right is the line that the key names, with the evidence that is marked as right.

    Where evidence is asked for, the line alone earns half the points; evidence alone earns none.
    """

    control: ClassVar[str] = "lines"
    close: ClassVar[str] = "That is the line."
    parts: ClassVar[bool] = True

    def hint(self, content: Content) -> str:
        """How it counts."""
        if not evidence_of(content):
            return "Choose the line at fault."
        return "Choose the line at fault and what shows it. The line alone earns half."

    def shuffled(self, content: Content) -> list[str]:
        """The evidence to choose from."""
        return [option.name for option in evidence_of(content)]

    def asks(self, content: Content, values: Values, shown: Sequence[str]) -> dict[str, Any]:
        """The numbered lines, and the evidence as shown."""
        texts = {option.name: option.text for option in evidence_of(content)}
        return {
            "lines": [
                {"number": number, "value": f"line={number}", "text": text}
                for number, (_, text) in enumerate(numbered(content), 1)
            ],
            "evidence": [
                {"value": f"evidence={place}", "text": inline(texts[name], values)}
                for place, name in enumerate(shown)
            ],
        }

    def parse(self, raw: str, content: Content, shown: Sequence[str]) -> Response:
        """The name of the line, and of the evidence where it is asked for."""
        names = [name for name, _ in numbered(content)]
        given = dict(each.partition("=")[::2] for each in lines_of(raw))
        match = _NAMED.fullmatch(f"line={given.get('line', '')}")
        if not match or not 1 <= int(match[1]) <= len(names):
            raise BadResponseError("Choose one of the lines.")
        line = names[int(match[1]) - 1]
        if not shown:
            return [line]
        if "evidence" not in given:
            raise BadResponseError("Choose what shows it, too.")
        return [line, option_at(given["evidence"], shown)]

    def key(self, content: Content, values: Values) -> Response | None:  # noqa: ARG002
        """The faulty line and its evidence."""
        return [content.key, *(each.name for each in evidence_of(content) if each.correct)]

    def wrong(self, content: Content, values: Values, key: Response) -> dict[str, Response]:  # noqa: ARG002
        """Wrong lines by the options that expect them."""
        return {each.name: [each.value] for each in content.options if each.value}

    def grade(self, response: Response, content: Content, marking: Marking) -> Verdict:
        """The line first: evidence is answered only where that is right."""
        given, key = _list(response), _list(marking.key)
        if given == key:
            return Verdict(correct=True, share=1.0)
        if given[0] == key[0]:
            return Verdict(correct=False, share=HALF, matched=given[1])
        found = [each.name for each in content.options if each.value == given[0]]
        return Verdict(correct=False, share=0.0, matched="".join(found[:1]))

    def written(self, response: Response, content: Content) -> str:
        """The line with its number; behind it the evidence."""
        line, *evidence = _list(response)
        names = [name for name, _ in numbered(content)]
        number = names.index(line) + 1 if line in names else 0
        said = [option.text for name in evidence if (option := content.option(name))]
        source = executed.source_of(_id(line)) if number else line
        return "\n".join([f"{number}  {source}", *(text.replace("`", "") for text in said)])

    def samples(self, content: Content, marking: Marking, shown: Sequence[str]) -> list[Sample]:
        """The key, each other line, each wrong evidence at the right line, and no line."""
        names = [name for name, _ in numbered(content)]
        line, *evidence = _list(marking.key)
        right = f"\nevidence={shown.index(evidence[0])}" if evidence else ""
        at = f"line={names.index(line) + 1}"
        expected = {option.value: option.name for option in content.options if option.value}
        lines = [
            Sample(f"line={number}{right}", 0.0, expected.get(name, ""))
            for number, name in enumerate(names, 1)
            if name != line
        ]
        others = [
            Sample(f"{at}\nevidence={place}", HALF, name)
            for place, name in enumerate(shown)
            if name not in evidence
        ]
        return [Sample(f"{at}{right}", 1.0), *lines, *others, Sample(f"line=99{right}", None)]

    def problems(self, content: Content) -> Iterator[Slip]:
        """A program with a fault, and something to say to each wrong answer."""
        yield from nudged(content)
        yield from executed.fact_slips(content)
        if not content.facts:
            yield Slip("facts: what does the run of this program lack?", ("facts",))
        try:
            names = [name for name, _ in numbered(content)]
        except ProgramError as error:
            yield Slip(f"code: {error}", ("code",))
            return
        if content.key not in names:
            yield Slip(f"key: {content.key!r} is none of the lines shown.", ("key",))
        shown = evidence_of(content)
        if shown and len([option for option in shown if option.correct]) != 1:
            yield Slip("mark one piece of evidence as right.")
        for index, option in enumerate(content.options):
            if option.value and (option.value not in names or option.value == content.key):
                reason = f"option {option.name!r}: {option.value!r} is no wrong line shown."
                yield Slip(reason, ("choice", index, "value"))
            if not (option.text and option.correct):
                yield from replied(index, option)

    def name(self) -> str:
        """As authors write it."""
        return "faulty-line"


def evidence_of(content: Content) -> list[Option]:
    """The options that are evidence."""
    return [option for option in content.options if option.text]


def numbered(content: Content) -> list[tuple[str, str]]:
    """Name and indented text of each line shown. Raises `ProgramError`."""
    shown = _shown(content)
    outermost = min((each.level for each in shown), default=0)
    seen = Counter[str]()
    found = []
    for each in shown:
        seen[each.line.id] += 1
        again = f"/{seen[each.line.id]}" if seen[each.line.id] > 1 else ""
        rows = each.line.source(executed.SETTINGS).split("\n")
        text = "\n".join(INDENT * (each.level - outermost) + row for row in rows)
        found.append((f"{each.line.id}{again}", text))
    return found


def _shown(content: Content) -> list[Placed]:
    """The lines of a batch with what stands around them; of a whole program, its loops.

    What is made before the loops is shown where a line of it is at fault, or could be thought so.
    """
    lines = Program.parse(content.code).lines
    if "for_batch" not in content.code:
        return [each for each in lines if each.line.section == "batch" or each.line.id in AROUND]
    named = {_id(name) for name in (content.key, *(option.value for option in content.options))}
    made = {each.line.id for each in lines if each.line.section == "setup"}
    return [each for each in lines if each.line.id not in made or made & named]


def _list(response: Response) -> list[str]:
    return [str(each) for each in response] if isinstance(response, list) else [str(response)]


def _id(name: str) -> str:
    return name.partition("/")[0]
