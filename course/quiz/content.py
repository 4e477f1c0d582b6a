"""What a question says, as a value: the content of a version.

Pure. Everything that grading and rendering need is in here, so that an old version can be graded
and shown for as long as an answer points at it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from course.quiz import conditions, roles
from course.quiz.conditions import Condition
from trainer.engine.probes import PROBES


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose or to put in order, or, with a value, a wrong answer to expect."""

    name: str
    text: str = ""
    value: str = ""
    correct: bool = False
    misconception: str = ""
    feedback: str = ""
    evidence: str = ""


LATER = frozenset({"unit", "code", "facts", "levels", "hints", "needs", "only_if", "otherwise"})
"""Fields that versions of the time before them do not have."""


@dataclass(frozen=True, slots=True)
class Content:
    """One question. See `models.Question` for what each field means to an author."""

    kind: str
    prompt: str
    note: str = ""
    key: str = ""
    tolerance: float = 0.0
    relative: bool = False
    half_tolerance: float | None = None
    points: int = 1
    max_attempts: int = 2
    nudge: str = ""
    explanation: str = ""
    options: tuple[Option, ...] = ()
    unit: str = ""
    code: str = ""
    facts: str = ""
    levels: bool = False
    hints: str = ""
    needs: str = ""
    only_if: str = ""
    otherwise: str = ""

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote."""
        options = tuple(Option(**each) for each in given["options"])
        return cls(**{**given, "options": options})

    def as_json(self) -> dict[str, Any]:
        """Plain JSON, equal for equal contents.

        Fields that came later are in it where they say something, so that a question which has
        none of them is what it was before there were any.
        """
        given = self.as_fields()
        unsaid = {
            each.name
            for each in fields(self)
            if each.name in LATER and given[each.name] == each.default
        }
        return {name: value for name, value in given.items() if name not in unsaid}

    def as_fields(self) -> dict[str, Any]:
        """Every field, as plain JSON."""
        return asdict(self) | {"options": [asdict(each) for each in self.options]}

    def option(self, name: str) -> Option | None:
        """The option of that name, if there is one."""
        return next((each for each in self.options if each.name == name), None)

    def texts(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Every text in which a role may stand, and the keys that lead to it in a file."""
        own = self.as_fields()
        for name in ("prompt", "note", "key", "hints", "nudge", "explanation", "otherwise"):
            yield (name,), own[name]
        for index, option in enumerate(own["options"]):
            for name in ("text", "value", "feedback", "evidence"):
                yield ("choice", index, name), option[name]

    def question_texts(self) -> Iterator[str]:
        """The texts that make the question what it is: with a probe in one, runs differ in it."""
        yield from (self.prompt, self.note, self.key)
        for each in self.options:
            yield from (each.text, each.value)

    def reply_texts(self) -> Iterator[str]:
        """The texts that are said after an answer. Not one may be seen before."""
        yield from (self.nudge, self.explanation, self.otherwise)
        for each in self.options:
            yield from (each.feedback, each.evidence)

    def asks_about_run(self) -> bool:
        """Whether each run makes a variant of its own."""
        return any(map(roles.names, self.question_texts()))

    def probes(self) -> set[str]:
        """Every probe that any text asks for, and those of the condition."""
        texts = (*self.question_texts(), self.hints, *self.reply_texts())
        compared = {name for name in self.condition().names() if name in PROBES}
        return compared.union(*map(roles.names, texts))

    def condition(self) -> Condition:
        """What has to be true of the run, for there to be a right answer. Raises `ValueError`."""
        return conditions.read(self.only_if) if self.only_if else Condition(())
