"""Code that is typed: a line, or a whole program.

The text is matched with the vocabulary, and what is none of its lines is answered at its place and
uses no attempt. The text itself is never run.
"""

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

from course.quiz.content import Content
from course.quiz.kinds import executed
from course.quiz.kinds.base import (
    BadResponseError,
    Kind,
    Marking,
    Response,
    Sample,
    Verdict,
    nudged,
    replied,
)
from course.quiz.roles import Values
from course.quiz.slips import Slip
from trainer.engine.program import Program, ProgramError
from trainer.engine.typed import Answer, read, read_lines
from trainer.engine.typed.explain import NO_LINE
from trainer.engine.typed.parsing import MAX_LENGTH
from trainer.engine.vocabulary import VOCABULARY

_HINT = re.compile(r"; did you mean| Did you mean| The nearest is")
NO_LOOP = "This is the inside of a loop. Write the loop around it as well: it begins with `for`."


class Line(Kind):
    """Right is any line that `key` names: ids of the vocabulary, with blanks between."""

    control: ClassVar[str] = "code"
    longest: ClassVar[int] = 300
    typed: ClassVar[bool] = True

    def hint(self, content: Content) -> str:  # noqa: ARG002
        """What is read, and what is not counted."""
        return "One line of Python. A slip of the pen uses no attempt."

    def parse(self, raw: str, content: Content, shown: Sequence[str]) -> Response:  # noqa: ARG002
        """Match the text with the vocabulary."""
        if not raw.strip():
            raise BadResponseError("Type a line of Python.")
        ids, answers = read_lines(raw, executed.SETTINGS)
        if answers:
            raise BadResponseError("\n".join(_untold(each.reason, content) for each in answers))
        return ",".join(ids) or "nothing"

    def literal(self, value: str | float | list[float]) -> Response:
        """The first of the ids."""
        names = value.split() if isinstance(value, str) else []
        if not names or any(name not in VOCABULARY for name in names):
            raise ValueError(f"{value!r} is no line.")
        return names[0]

    def alike(self, content: Content, one: Response, key: Response) -> bool:  # noqa: ARG002
        """Whether it is one of those that are right."""
        return one in content.key.split()

    def grade(self, response: Response, content: Content, marking: Marking) -> Verdict:
        """All points or none."""
        if response in content.key.split():
            return Verdict(correct=True, share=1.0)
        wrong = [name for name, value in marking.wrong.items() if value == response]
        return Verdict(correct=False, share=0.0, matched="".join(wrong[:1]))

    def written(self, response: Response, content: Content) -> str:  # noqa: ARG002
        """The line in the course's spelling."""
        names = [name for name in str(response).split(",") if name in VOCABULARY]
        return "\n".join(map(executed.source_of, names))

    def samples(self, content: Content, marking: Marking, shown: Sequence[str]) -> list[Sample]:  # noqa: ARG002
        """Each right line, each wrong one to expect, and what is no line."""
        right = [Sample(executed.source_of(name), 1.0) for name in content.key.split()]
        wrong = [
            Sample(executed.source_of(str(value)), 0.0, name)
            for name, value in marking.wrong.items()
        ]
        return [*right, *wrong, Sample("loss.backwards()", None)]


class WholeProgram(Kind):
    """Right is what the run bears out. `key` is one such program; empty, it is the correct loop."""

    control: ClassVar[str] = "code"
    longest: ClassVar[int] = MAX_LENGTH
    typed: ClassVar[bool] = True
    runs: ClassVar[bool] = True

    def hint(self, content: Content) -> str:
        """What is read, and what happens to it."""
        whole = "What makes the model, optimizer and loader may be left out. "
        whole = whole if _is_whole(content) else ""
        return f"{whole}What matches the course's lines is run. A slip of the pen uses no attempt."

    def parse(self, raw: str, content: Content, shown: Sequence[str]) -> Response:  # noqa: ARG002
        """Match the text with the vocabulary: ids with their levels."""
        reading = read(raw.replace("\r\n", "\n"), executed.SETTINGS)
        if reading.program is None:
            raise BadResponseError("\n".join(map(_said, reading.answers)))
        written = zip(reading.program.lines, reading.lines, strict=True)
        typed = {placed.line.id for placed, line in written if line}
        if _is_whole(content) and "for_batch" not in typed:
            raise BadResponseError(NO_LOOP)
        return reading.program.spelling()

    def key(self, content: Content, values: Values) -> Response | None:  # noqa: ARG002
        """One right program."""
        return model_answer(content).spelling()

    def wrong(self, content: Content, values: Values, key: Response) -> dict[str, Response]:  # noqa: ARG002
        """Wrong programs are told by what is wrong with them."""
        return {}

    def program(self, response: Response, content: Content) -> Program | None:  # noqa: ARG002
        """The program that was found in the text."""
        return Program.parse(str(response))

    def grade(self, response: Response, content: Content, marking: Marking) -> Verdict:
        """All points or none; the first option that has something to say says it."""
        if executed.borne_out(content, marking.facts):
            return Verdict(correct=True, share=1.0)
        ids = [item.partition(":")[0] for item in str(response).split(",")]
        expected = [each for each in content.options if executed.applies(each, ids, marking.facts)]
        found = "".join(each.name for each in expected[:1])
        return Verdict(correct=False, share=0.0, matched=found)

    def written(self, response: Response, content: Content) -> str:  # noqa: ARG002
        """The program in the course's spelling."""
        return Program.parse(str(response)).source(executed.SETTINGS).rstrip()

    def samples(self, content: Content, marking: Marking, shown: Sequence[str]) -> list[Sample]:  # noqa: ARG002
        """One right program, one per wrong order to expect, and what is none."""
        right = [each.line.id for each in Program.parse(str(marking.key)).lines]
        wrong = [
            Sample(_spelled(executed.rearranged(right, names)), 0.0, option.name)
            for option in content.options
            if len(names := option.value.split()) > 1
        ]
        key = self.written(marking.key, content)
        return [Sample(key, 1.0), *wrong, Sample("while True:", None)]

    def variations(self, content: Content) -> list[Response]:
        """The model answer with each of its lines left out."""
        lines = model_answer(content).lines
        kept = (lines[:place] + lines[place + 1 :] for place in range(len(lines)))
        return [Program(each).spelling() for each in kept if Program(each).has({"for_batch"})]

    def problems(self, content: Content) -> Iterator[Slip]:
        """Facts that make a program right, and something to say to each wrong one."""
        yield from nudged(content)
        yield from executed.fact_slips(content)
        if not content.facts:
            yield Slip("facts: what makes a program right? Name at least one.", ("facts",))
        try:
            model_answer(content)
        except ProgramError as error:
            yield Slip(f"key: {error}", ("key",))
        yield from executed.expected_slips(content, list(VOCABULARY))
        for index, option in enumerate(content.options):
            yield from replied(index, option)

    def name(self) -> str:
        """As authors write it."""
        return "program"


def _untold(reason: str, content: Content) -> str:
    """A reason without the hint at its end, where that would be the right line."""
    right = [" ".join(executed.source_of(name).split()) for name in content.key.split()]
    if not any(line in reason for line in right):
        return reason
    kept = f"{_HINT.split(reason)[0].rstrip('.')}."
    return NO_LINE if any(line in kept for line in right) else kept


def model_answer(content: Content) -> Program:
    """The program of the key. Raises `ProgramError`."""
    return Program.parse(content.key) if content.key else Program.correct()


def _is_whole(content: Content) -> bool:
    return not content.key or "for_batch" in content.key


def _said(answer: Answer) -> str:
    return f"Line {answer.line}: {answer.reason}"


def _spelled(ids: Sequence[str]) -> str:
    return Program.parse(",".join(ids)).source(executed.SETTINGS)
