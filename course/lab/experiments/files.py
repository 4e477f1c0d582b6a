"""An experiment as a table of a TOML file: read and checked, and written. Knows no database."""

import re
from collections.abc import Mapping
from typing import Any

from course.lab.experiments.checks import problems
from course.lab.experiments.content import DEFAULTS, FIELDS, ExperimentFile, Settings
from course.quiz.prose import plain, toml
from course.quiz.slips import Slip
from trainer.engine.spec import RunSpec

Table = Mapping[str, Any]

TABLES = ("spec", "spec_without")
PLACED = ("stage", "order")
"""What the place in the files says."""
_ORDER = (
    "name", "misconception", "title", "question", "options", "answer", "belief", "lines",
    "without", "comparison", "at_least", "at_most", "shows_in", "look", "truth",
)  # fmt: skip
_NUMBERS = ("at_least", "at_most")
_COUNTS = ("answer", "shows_in")
_LIMITS = {"name": "[-a-z0-9]{1,50}", "title": ".{1,100}", "comparison": ".{1,200}"}


# -- writing -------------------------------------------------------------------------


def written(said: ExperimentFile) -> str:
    """The experiment as a piece of a file: what is as usual is left out."""
    values = said.values()
    own = {name: values[name] for name in _ORDER if values[name] != DEFAULTS.get(name)}
    pieces = [f"[[experiment]]\n{toml(own)}"]
    pieces += [
        f"[experiment.{name}]\n{toml(in_order(values[name]))}" for name in TABLES if values[name]
    ]
    return "\n".join(pieces)


def in_order(settings: Settings) -> dict[str, str | int | float]:
    """Settings in the order in which they are told everywhere; JSON comes back in another."""
    names = [*RunSpec().as_dict(), "alterations"]
    return {name: settings[name] for name in sorted(settings, key=names.index)}


def differences(one: ExperimentFile, other: ExperimentFile) -> list[str]:
    """In which fields two states of an experiment differ."""
    ours, theirs = one.values(), other.values()
    return [name for name in FIELDS if ours[name] != theirs[name]]


# -- reading -------------------------------------------------------------------------


def read(table: Table, stage: str, order: int) -> tuple[ExperimentFile | None, list[Slip]]:
    """An experiment, or what is wrong with it."""
    known = set(FIELDS) - set(PLACED)
    slips = [Slip(f"{name!r} is not known.", (name,)) for name in table if name not in known]
    slips += [Slip(f"{name!r} is missing.") for name in sorted(known - {*DEFAULTS, *table})]
    slips += [
        Slip(f"{name!r} {slip}", (name,))
        for name in table
        if name in known and (slip := _slip(name, table[name]))
    ]
    if slips:
        return None, slips
    given = {name: _value(name, table[name]) for name in table}
    said = ExperimentFile(stage=stage, order=order, **given)
    return said, problems(said)


def _slip(name: str, given: Any) -> str:  # noqa: ANN401
    if not fits(name, given):
        return "has the wrong type."
    texts = given if isinstance(given, list) else given.values() if name in TABLES else [given]
    if any(isinstance(text, str) and "\0" in text for text in texts):
        return "holds a null character."
    if name in _LIMITS and not re.fullmatch(_LIMITS[name], plain(given)):
        return "is empty, too long or no name."
    return ""


def fits(name: str, given: Any) -> bool:  # noqa: ANN401
    """Whether a value has the type of its field."""
    if name in TABLES:
        return isinstance(given, dict) and all(map(_is_setting, given.values()))
    if name == "options":
        return isinstance(given, list) and all(isinstance(each, str) for each in given)
    if name in _NUMBERS:
        return type(given) in (int, float)
    return type(given) is (int if name in _COUNTS else str)


def _is_setting(given: Any) -> bool:  # noqa: ANN401
    return type(given) in (str, int, float)


def _value(name: str, given: Any) -> Any:  # noqa: ANN401
    if isinstance(given, str):
        return plain(given)
    if name == "options":
        return tuple(map(plain, given))
    return float(given) if name in _NUMBERS else given
