"""From what was typed to the points of a sweep, each of them valid. Pure."""

import re
from dataclasses import dataclass

from trainer.engine.spec import RunSpec, SpecError
from trainer.runs import Asked
from trainer.sweeps import FEWEST_VALUES, MOST_POINTS, Plan, Value

SWEPT = ("lr", "batch_size", "hidden", "epochs", "optimizer", "rows", "seed", "data_seed")
"""Settings that a sweep may change. Those of text are one of a few names."""

WHOLE = ("batch_size", "hidden", "epochs", "rows", "seed", "data_seed")
FACTORS = ("lr",)
"""Between two ends their values lie a factor apart, not a distance."""

_NUMBER = re.compile(r"[0-9]*\.?[0-9]+(e[+-]?[0-9]{1,2})?", re.ASCII)
_RANGE = re.compile(r"(\S{1,24}) +to +(\S{1,24}) +in +([0-9]{1,2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form says beside the settings that the sweep starts from."""

    setting: str
    values: str
    seeds: int


class RefusedSweep(ValueError):
    """A field of the form, and what is the matter with it."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


def plan_of(asked: Asked, typed: Typed) -> Plan:
    """The whole grid, every point of which can be run. Raises `RefusedSweep`."""
    texts = values_of(typed.setting, typed.values)
    values = [_value(asked.spec, typed.setting, text) for text in texts]
    if again := next((value for value in values if values.count(value) > 1), None):
        raise RefusedSweep("values", f"{again} is there twice.")
    _room(len(values), typed)
    first = asked.spec.seed
    plan = Plan(asked, typed.setting, values, [first + more for more in range(typed.seeds)])
    for seed in plan.seeds:
        for value in values:
            _point(asked.spec, plan.setting, value, seed)
    return plan


def values_of(setting: str, text: str) -> list[str]:
    """A list with commas, or `0.001 to 1 in 7`. Raises `RefusedSweep`."""
    if found := _RANGE.fullmatch(text.strip()):
        return _between(setting, *found.groups())
    texts = [each.strip() for each in text.split(",") if each.strip()]
    if not FEWEST_VALUES <= len(texts) <= MOST_POINTS:
        raise RefusedSweep(
            "values", f"Give {FEWEST_VALUES} to {MOST_POINTS} values, with commas between them."
        )
    return texts


def _between(setting: str, low: str, high: str, count: str) -> list[str]:
    if setting not in (*WHOLE, *FACTORS):
        raise RefusedSweep("values", "Give names, with commas between them.")
    ends, steps = [_number(each) for each in (low, high)], int(count) - 1
    if not FEWEST_VALUES <= steps + 1 <= MOST_POINTS:
        raise RefusedSweep("values", f"Take {FEWEST_VALUES} to {MOST_POINTS} values.")
    if setting in FACTORS:
        if min(ends) <= 0:
            raise RefusedSweep("values", "Both ends must be above 0.")
        factor = (ends[1] / ends[0]) ** (1 / steps)
        return [f"{ends[0] * factor**step:.3g}" for step in range(steps + 1)]
    return [str(round(ends[0] + (ends[1] - ends[0]) * step / steps)) for step in range(steps + 1)]


def _number(text: str) -> float:
    """An end of a range; its limits are the setting's to say."""
    if not _NUMBER.fullmatch(text):
        raise RefusedSweep("values", f"{text} is not a number.")
    return float(text)


def _value(spec: RunSpec, setting: str, text: str) -> Value:
    """A value as its setting spells it. Raises `RefusedSweep`."""
    try:
        return RunSpec.parse(spec.settings() | {setting: text}, spec.table).settings()[setting]
    except SpecError as refused:
        raise RefusedSweep("values", _why(text, setting, refused)) from refused


def _point(spec: RunSpec, setting: str, value: Value, seed: int) -> None:
    try:
        RunSpec(**spec.as_dict() | {"seed": seed, setting: value})  # type: ignore[arg-type]
    except SpecError as refused:
        field = "seeds" if "seed" in refused.errors and setting != "seed" else "values"
        raise RefusedSweep(field, _why(str(value), setting, refused)) from refused


def _why(text: str, setting: str, refused: SpecError) -> str:
    """The reason, with the field that it is about where that is another one."""
    reasons = [
        reason if name == setting else f"{name}: {reason}"
        for name, reason in refused.errors.items()
    ]
    return f"{text[:40]}: {' '.join(reasons)}"


def _room(values: int, typed: Typed) -> None:
    if typed.setting == "seed" and typed.seeds > 1:
        raise RefusedSweep("seeds", "The seed is what changes: leave this at 1.")
    if values * typed.seeds > MOST_POINTS:
        raise RefusedSweep(
            "seeds",
            f"{values} values under {typed.seeds} seeds are {values * typed.seeds} runs; a sweep "
            f"has room for {MOST_POINTS}.",
        )
