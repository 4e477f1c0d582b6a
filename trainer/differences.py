"""In what two runs differ: line by line, and setting by setting. Pure."""

from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from trainer.engine.alterations import ALTERATIONS
from trainer.engine.spec import RunSpec
from trainer.pages import SETTINGS, value_of
from trainer.runs import Asked

NOTHING_DONE = "no"
"""Of rows that are as they were stored."""

CONTEXT = 2
"""So many lines are shown around a difference."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the two programs. side: "here", "beside", or "" for both; number: in this run."""

    code: str
    side: str = ""
    number: int | None = None
    lit: bool = False
    is_gap: bool = False

    @property
    def sign(self) -> str:
        """What marks it, beside the word."""
        return {"here": "+", "beside": "\N{MINUS SIGN}"}.get(self.side, "")

    @property
    def word(self) -> str:
        """What marks it, in words."""
        return {"here": "in this run only", "beside": "in the other run only"}.get(self.side, "")


def lines(run: Asked, beside: Asked, error_at: int | None = None) -> list[Line]:
    """Lines that only one of the programs has, with those around them. Empty for equal ones.

    error_at: the line of this run's program that is lit; shown in any case.
    """
    ours, theirs = (each.program.source(each.spec).splitlines() for each in (run, beside))
    matcher = SequenceMatcher(a=theirs, b=ours, autojunk=False)
    whole = [
        line
        for tag, a, b, c, d in matcher.get_opcodes()
        for line in _block(tag, theirs[a:b], ours[c:d], c)
    ]
    if error_at is not None:
        whole = [_lit(line, error_at) for line in whole]
    return _around(whole)


def _block(tag: str, theirs: list[str], ours: list[str], start: int) -> list[Line]:
    if tag == "equal":
        return [Line(code, number=at) for at, code in enumerate(ours, start + 1)]
    gone = [Line(code, "beside") for code in theirs]
    return gone + [Line(code, "here", at) for at, code in enumerate(ours, start + 1)]


def _lit(line: Line, error_at: int) -> Line:
    return Line(line.code, line.side, line.number, lit=line.number == error_at)


def _around(whole: list[Line]) -> list[Line]:
    """The lines to be looked at and their neighbours, with a gap where some are left out."""
    marked = [at for at, line in enumerate(whole) if line.side or line.lit]
    near = {at for each in marked for at in range(each - CONTEXT, each + CONTEXT + 1)}
    found: list[Line] = []
    for at, line in enumerate(whole):
        if at in near:
            found.append(line)
        elif found and not found[-1].is_gap:
            found.append(Line("", is_gap=True))
    return _moved_out(found[:-1] if found and found[-1].is_gap else found)


def _moved_out(lines: list[Line]) -> list[Line]:
    """Without the indentation that all of them have: narrow windows show what differs."""
    depths = [len(line.code) - len(line.code.lstrip()) for line in lines if not line.is_gap]
    return [replace(line, code=line.code[min(depths) :]) for line in lines]


def settings(run: RunSpec, beside: RunSpec) -> list[dict[str, Any]]:
    """Settings that differ, with the value of each run. The seed is the learner's."""
    return [
        {"name": label, "here": _written(run, name), "beside": _written(beside, name)}
        for name, label in SETTINGS.items()
        if name != "seed" and _written(run, name) != _written(beside, name)
    ]


def common(run: RunSpec, beside: RunSpec) -> list[dict[str, str]]:
    """Settings that both runs have, where they are not the usual ones."""
    usual = RunSpec()
    return [
        {"name": label, "value": _written(run, name)}
        for name, label in SETTINGS.items()
        if name != "seed" and _written(run, name) == _written(beside, name) != _written(usual, name)
    ]


def _written(spec: RunSpec, name: str) -> str:
    if name != "alterations":
        return value_of(spec.as_dict()[name])
    done = [ALTERATIONS[each] for each in spec.alterations.split(",") if each]
    return " ".join(done) or NOTHING_DONE
