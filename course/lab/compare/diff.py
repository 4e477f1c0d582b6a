"""What runs differ in: their settings, and the lines of their programs. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from trainer.pages import NOT_MEASURED, SETTINGS, value_of

Spec = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting with its value in each run, in their order."""

    label: str
    values: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether one of them has another."""
        return len(set(self.values)) > 1


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of two programs: in both, or in the first (-) or the second (+) alone."""

    sign: str
    text: str


def settings_of(specs: Sequence[Spec]) -> list[Setting]:
    """Every setting that one of the runs has; a refused run has what was sent."""
    names = [*SETTINGS, *sorted({name for spec in specs for name in spec} - SETTINGS.keys())]
    return [
        Setting(SETTINGS.get(name, name), tuple(_value(spec, name) for spec in specs))
        for name in names
        if any(name in spec for spec in specs)
    ]


def _value(spec: Spec, name: str) -> str:
    return value_of(spec[name])[:100] if name in spec else NOT_MEASURED


def program_diff(one: str, other: str) -> list[DiffLine]:
    """Both texts line by line, what they share once."""
    before, after = one.splitlines(), other.splitlines()
    lines = []
    for _, i, i_end, j, j_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if before[i:i_end] == after[j:j_end]:
            lines += [DiffLine("", text) for text in before[i:i_end]]
        else:
            lines += [DiffLine("-", text) for text in before[i:i_end]]
            lines += [DiffLine("+", text) for text in after[j:j_end]]
    return lines
