"""What kinds share whose answers are programs: facts that make one right, replies to those wrong.

A wrong answer to expect is told in the option's `value` by a fact that fails, `parameters_moved`,
or by lines that stand in this order, with others between them or not: `backward zero_grad step`.
"""

from collections.abc import Iterator, Mapping, Sequence

from course.quiz.content import Content, Option
from course.quiz.slips import Slip
from trainer.engine.facts import FACTS
from trainer.engine.spec import RunSpec
from trainer.engine.vocabulary import VOCABULARY

SETTINGS = RunSpec()
"""Of the texts of the lines: the calm run's."""


def borne_out(content: Content, facts: Mapping[str, bool]) -> bool:
    """Whether the run has every fact that the question asks for."""
    return all(facts.get(name, False) for name in content.facts.split())


def applies(option: Option, lines: Sequence[str], facts: Mapping[str, bool]) -> bool:
    """Whether a wrong answer is the one that an option expects."""
    if option.value in FACTS:
        return not facts.get(option.value, False)
    names = option.value.split()
    return bool(names) and in_order(names, lines)


def in_order(names: Sequence[str], lines: Sequence[str]) -> bool:
    """Whether the lines hold these names one after the other, with others between them or not."""
    rest = iter(lines)
    return all(name in rest for name in names)


def rearranged(lines: Sequence[str], names: Sequence[str]) -> list[str]:
    """The lines with these of them moved together, in this order, to where the last one stands."""
    kept = [name for name in lines if name not in names]
    end = max((place for place, name in enumerate(lines) if name in names), default=len(lines))
    before = len([name for name in lines[:end] if name not in names])
    return [*kept[:before], *names, *kept[before:]]


def near_misses(lines: Sequence[str]) -> list[list[str]]:
    """The lines with one left out, and with one moved to each other place."""
    found = []
    for place, name in enumerate(lines):
        rest = [*lines[:place], *lines[place + 1 :]]
        found.append(rest)
        found += [[*rest[:to], name, *rest[to:]] for to in range(len(rest) + 1) if to != place]
    return found


def source_of(name: str) -> str:
    """A line of the vocabulary as Python."""
    return VOCABULARY[name].source(SETTINGS)


def fact_slips(content: Content) -> Iterator[Slip]:
    """Facts that do not exist."""
    for name in content.facts.split():
        if name not in FACTS:
            yield Slip(f"facts: {name!r} is none of {', '.join(FACTS)}.", ("facts",))


def expected_slips(content: Content, known: Sequence[str]) -> Iterator[Slip]:
    """Wrong answers to expect that are neither a fact nor several of the lines there are."""
    for index, option in enumerate(content.options):
        names = option.value.split()
        if not names or option.value in FACTS:
            continue
        if len(names) == 1 or any(name not in known for name in names):
            reason = f"option {option.name!r}: {option.value!r} is neither a fact nor an order."
            yield Slip(reason, ("choice", index, "value"))
