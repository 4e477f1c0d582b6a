"""Roles such as `{probe last_running_loss .3f}`: where a text wants a number of the run.

Pure. Knows probe values by name and nothing of where they come from.
"""

import math
import re
from collections.abc import Mapping

Value = float | int | str | list[float] | None
"""A list is a curve, which is a key or a wrong one to expect, and stands in no sentence."""

Values = Mapping[str, Value]

MINUS = "\N{MINUS SIGN}"

LONG = 10_000
"""From here on a figure with decimals is written with a power of ten: it comes of divergence."""

_ROLE = re.compile(r"\{probe ((?:ran\.)?[a-z][a-z0-9_]*)(?: (,?(?:\.[0-9])?[defg]))?\}", re.ASCII)


def names(text: str) -> set[str]:
    """Every probe that a text asks for."""
    return {match[1] for match in _ROLE.finditer(text)}


def malformed(text: str) -> list[str]:
    """What looks like a role and is none: a slip of the author."""
    rest = _ROLE.sub("", text)
    return re.findall(r"\{ ?probe[^}]*\}?", rest)


def alone(text: str) -> str | None:
    """The probe of a text that is one role and nothing else, as keys are."""
    match = _ROLE.fullmatch(text.strip())
    return match[1] if match else None


def present(text: str, values: Values) -> bool:
    """Whether the run has every value that the text asks for."""
    return all(values.get(name) is not None for name in names(text))


def fill(text: str, values: Values, *, minus: str = MINUS) -> str:
    """Put the values in. Call `present` first: an absent value is an error of the caller."""
    return _ROLE.sub(lambda match: _written(values[match[1]], match[2] or "", minus), text)


def _written(value: Value, layout: str, minus: str) -> str:
    if value is None or isinstance(value, list):
        raise ValueError("A value that is absent, or a curve, cannot be written.")
    if isinstance(value, str):
        return value
    if not math.isfinite(value):
        return str(value).replace("-", minus)
    if layout.endswith("d"):
        value = round(value)
    if layout.endswith("f") and abs(value) >= LONG:
        layout = ".1e"
    return format(value, layout).replace("e+", "e").replace("-", minus)
