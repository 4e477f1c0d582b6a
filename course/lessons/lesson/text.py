"""The text of a lesson, `learn.md`: sections of prose, figures, questions and lines of the loop.

Markdown with one paragraph or list item per line, and a section under each `##`. On a line of its
own stands

    {figure NAME}       a figure of `course.lessons.lesson.figures`
    {question SLUG}     a question of this lesson; the rest of the section waits for its answer
    {lines ID ID ...}   lines of the loop, as this run had them

and at the start of a line `{when CONDITION}`: the line is there only where that is true of the
run. A line that asks for a number that the run lacks is left out as well. Pure.
"""

import re
from collections.abc import Container
from dataclasses import dataclass, field

from course.quiz.conditions import Condition, read
from course.quiz.roles import Values, malformed, names, present

_HEADING = re.compile(r"## +(.+)")
_PLACED = re.compile(r"\{(figure|question|lines) ([a-z0-9_ -]+)\}", re.ASCII)
_WHEN = re.compile(r"(- )?\{when ([^{}]*)\} *")


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph or list item; `when` says of which runs it is true."""

    text: str
    when: Condition | None
    number: int

    def holds(self, values: Values) -> bool:
        """Whether this run has every number of the line, and the line is true of it."""
        return present(self.text, values) and (self.when is None or self.when.holds(values))

    def names(self) -> set[str]:
        """Every probe that it asks for, or may ask for."""
        return names(self.text) | (self.when.names() if self.when else set())

    def unknown(self, known: Container[str]) -> list[str]:
        """Names that had to be probes and are none."""
        words = self.when.words() if self.when else set()
        return sorted(name for name in self.names() - words if name not in known)


@dataclass(frozen=True, slots=True)
class Prose:
    """Lines that stand together."""

    lines: tuple[Line, ...]

    def markdown(self, values: Values) -> str:
        """What of it is true of this run."""
        return "\n".join(line.text for line in self.lines if line.holds(values))


@dataclass(frozen=True, slots=True)
class Placed:
    """A figure, a question, or lines of the loop: what stands there, by name."""

    kind: str
    names: tuple[str, ...]
    number: int


@dataclass(slots=True)
class Section:
    """A heading and what stands under it, in order."""

    slug: str
    heading: str
    number: int
    parts: list[Prose | Placed] = field(default_factory=list)


@dataclass(slots=True)
class Text:
    """Sections, and what could not be read: number of the line and reason."""

    sections: list[Section] = field(default_factory=list)
    slips: list[tuple[int, str]] = field(default_factory=list)

    def probes(self) -> set[str]:
        """Every probe that any line asks for."""
        return {name for line in self.lines() for name in line.names()}

    def lines(self) -> list[Line]:
        """All prose."""
        parts = [part for section in self.sections for part in section.parts]
        return [line for part in parts if isinstance(part, Prose) for line in part.lines]

    def placed(self, kind: str) -> list[tuple[int, str]]:
        """Line and name of every figure, question or loop line that stands in the text."""
        parts = [part for section in self.sections for part in section.parts]
        found = [part for part in parts if isinstance(part, Placed) and part.kind == kind]
        return [(part.number, name) for part in found for name in part.names]


def parse(text: str) -> Text:
    """Never raises: what cannot be read is among the slips."""
    parsed, waiting = Text(), list[Line]()
    for number, written in enumerate([*text.splitlines(), ""], 1):
        line = written.rstrip()
        placed, heading = _PLACED.fullmatch(line), _HEADING.fullmatch(line)
        if line and not placed and not heading:
            waiting.append(_line(line, number, parsed))
            continue
        if waiting:
            _add(parsed, Prose(tuple(waiting)), waiting[0].number)
            waiting = []
        if heading:
            parsed.sections.append(Section(_slug(heading[1]), heading[1], number))
        elif placed:
            _add(parsed, Placed(placed[1], tuple(placed[2].split()), number), number)
    _check_slugs(parsed)
    return parsed


def _line(written: str, number: int, parsed: Text) -> Line:
    match = _WHEN.match(written)
    when = None
    if match:
        written = (match[1] or "") + written[match.end() :]
        try:
            when = read(match[2])
        except ValueError as reason:
            parsed.slips.append((number, str(reason)))
    parsed.slips += [(number, f"{slip!r} is no role.") for slip in malformed(written)]
    if re.search(r"\{(?!probe )", written):
        parsed.slips.append((number, "a brace that belongs to no role, figure or question."))
    return Line(written, when, number)


def _add(parsed: Text, part: Prose | Placed, number: int) -> None:
    if parsed.sections:
        parsed.sections[-1].parts.append(part)
    else:
        parsed.slips.append((number, "stands before the first heading (## ...)."))


def _slug(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")


def _check_slugs(parsed: Text) -> None:
    seen = set[str]()
    for section in parsed.sections:
        if section.slug in seen:
            parsed.slips.append((section.number, "a heading like this stands above already."))
        seen.add(section.slug)
