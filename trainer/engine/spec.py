"""What a run is asked to do: one frozen, validated, canonical `RunSpec`.

Standard library only: the web process reads and refuses specs without torch.
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from trainer.engine.alterations import canonical, refusal
from trainer.engine.datasets import DATASETS, DataSet
from trainer.engine.table import OWN, facts_of

OPTIMIZERS = ("sgd", "momentum", "adam", "adamw", "rmsprop")

MIN_ROWS = 10
MAX_EPOCHS = 200
MAX_HIDDEN = 256
MAX_STEPS = 2000
MAX_RECORDED = 7_900_000
"""Parameters times steps and epochs: so many numbers are kept until the run is measured."""
MIN_LR, MAX_LR = 1e-9, 1e9
MAX_SEED = 2**31 - 1

_INTEGER = re.compile(r"[+-]?[0-9]{1,12}", re.ASCII)
_DECIMAL = re.compile(
    r"[+-]?([0-9]{1,20}(\.[0-9]{0,20})?|\.[0-9]{1,20})(e[+-]?[0-9]{1,3})?",
    re.ASCII | re.IGNORECASE,
)


class SpecError(ValueError):
    """A refused spec: `errors` maps each field to the reason, one sentence each."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {reason}" for field, reason in errors.items()))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class RunSpec:
    """Settings of one run. The defaults are the preset `calm`.

    rows: training rows, the first `rows` that the data set has for that; batch_size: rows per
    batch; hidden: units of the hidden layer; lr: learning rate; data_seed: draws the data, or
    which rows of real data are held out; seed: draws the starting weights and the order of the
    rows; alterations: what is done to the rows before, names with commas between them; table: the
    rows themselves where the data set is a learner's own (`trainer.engine.table`). They are part
    of the spec so that a key, a trace and a runner need nothing beside it.
    """

    dataset: str = "synthetic"
    rows: int = 1000
    batch_size: int = 100
    epochs: int = 5
    hidden: int = 16
    optimizer: str = "adam"
    lr: float = 0.02
    data_seed: int = 1
    seed: int = 138
    alterations: str = ""
    table: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lr", float(self.lr))  # 1 and 1.0 are one spec: one spelling
        object.__setattr__(self, "alterations", canonical(self.alterations))
        if errors := _out_of_bounds(self):
            raise SpecError(errors)

    @property
    def batches(self) -> int:
        """Batches per epoch; the last may be smaller."""
        return math.ceil(self.rows / self.batch_size)

    @property
    def steps(self) -> int:
        """Passes of the batch body in the whole run."""
        return self.batches * self.epochs

    @property
    def parameters(self) -> int:
        """Numbers in the model of the correct loop: two linear layers."""
        inputs = len(self.facts.features) + ("label-leak" in self.alterations)
        outputs = len(self.facts.classes)
        return (inputs + 1) * self.hidden + (self.hidden + 1) * outputs

    @property
    def facts(self) -> DataSet:
        """What is known of its data set."""
        return facts_of(self.dataset, self.table)

    def as_dict(self) -> dict[str, str | int | float]:
        """Every setting by name; alterations and a table where there are any."""
        settings = asdict(self)
        for name in ("alterations", "table"):
            if not settings[name]:
                del settings[name]
        return settings

    def settings(self) -> dict[str, str | int | float]:
        """The same without the table, which is no setting but what they are set for."""
        return {name: value for name, value in self.as_dict().items() if name != "table"}

    def canonical(self) -> str:
        """One spelling per spec: sorted keys, `lr` as Python prints the float."""
        return json.dumps(self.as_dict(), sort_keys=True, separators=(",", ":"))

    @classmethod
    def parse(cls, given: Mapping[str, object], table: str = "") -> "RunSpec":
        """Read a spec from text or numbers; `preset` names the spec to start from.

        Empty values take the preset's; `rows` is all that the data set has to train on, if
        another one is chosen. table: the rows of `csv`, which nobody can type. Raises `SpecError`
        that names every bad field.
        """
        wanted = {name: value for name, value in given.items() if value not in (None, "")}
        preset = str(wanted.pop("preset", "calm"))
        if preset not in PRESETS:
            raise SpecError({"preset": f"Not a preset. Choose one of {', '.join(PRESETS)}."})
        values, errors = _read_fields(wanted)
        if values.get("dataset") == OWN:
            values["table"] = table
        if "dataset" in values and not _no_data(str(values["dataset"]), table):
            values.setdefault("rows", facts_of(str(values["dataset"]), table).rows)
        if not errors:
            return replace(PRESETS[preset], **values)  # type: ignore[arg-type]
        try:
            replace(PRESETS[preset], **values)  # type: ignore[arg-type]
        except SpecError as refused:
            errors = refused.errors | errors
        raise SpecError(errors)


def in_order(told: Mapping[str, Any]) -> dict[str, Any]:
    """Settings as a spec has them, then all else by name. JSON comes back in another order."""
    places = {name: place for place, name in enumerate(RunSpec().as_dict())}
    names = sorted(told, key=lambda name: (places.get(name, len(places)), name))
    return {name: told[name] for name in names}


def _read_fields(
    given: Mapping[str, object],
) -> tuple[dict[str, str | int | float], dict[str, str]]:
    values: dict[str, str | int | float] = {}
    errors: dict[str, str] = {}
    for name, value in given.items():
        if name not in _READERS:
            errors[name] = f"Not a setting. The settings are {', '.join(_READERS)}."
            continue
        try:
            values[name] = _READERS[name](str(value).strip())
        except ValueError as reason:
            errors[name] = str(reason)
    return values, errors


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise ValueError("Must be a whole number.")
    return int(text)


def _decimal(text: str) -> float:
    if not _DECIMAL.fullmatch(text):
        raise ValueError("Must be a number, for example 0.02 or 1e-3.")
    return float(text)


def _one_of(names: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in names:
            raise ValueError(f"Choose one of {', '.join(names)}.")
        return text

    return read


def _within(value: float, low: float, high: float) -> str | None:
    if low <= value <= high:
        return None
    return f"Must be between {_spelled(low)} and {_spelled(high)}."


def _spelled(limit: float) -> str:
    return str(limit) if isinstance(limit, int) else f"{limit:g}"


def _out_of_bounds(spec: RunSpec) -> dict[str, str]:
    most = _most_rows(spec)
    checks = {
        "dataset": _no_data(spec.dataset, spec.table),
        "rows": _within(spec.rows, MIN_ROWS, most),
        "batch_size": _within(spec.batch_size, 1, max(MIN_ROWS, min(spec.rows, most))),
        "epochs": _within(spec.epochs, 1, MAX_EPOCHS),
        "hidden": _within(spec.hidden, 1, MAX_HIDDEN),
        "optimizer": None
        if spec.optimizer in OPTIMIZERS
        else f"Choose one of {', '.join(OPTIMIZERS)}.",
        "lr": _lr_reason(spec.lr),
        "data_seed": _within(spec.data_seed, 0, MAX_SEED),
        "seed": _within(spec.seed, 0, MAX_SEED),
        "alterations": refusal(spec.alterations),
    }
    return {name: reason for name, reason in checks.items() if reason} or _too_large(spec)


def _no_data(dataset: str, table: str) -> str | None:
    """Why there are no rows to train on, or None."""
    if dataset == OWN:
        return None if table else "Choose one of your own data sets: this one names no rows."
    return None if dataset in DATASETS else f"Choose one of {', '.join((*DATASETS, OWN))}."


def _most_rows(spec: RunSpec) -> int:
    """Training rows of a data set; of one that is none, of the largest, not to say more."""
    if _no_data(spec.dataset, spec.table):
        return max(known.rows for known in DATASETS.values())
    return spec.facts.rows


def _too_large(spec: RunSpec) -> dict[str, str]:
    """Limits that several settings reach together."""
    if spec.steps > MAX_STEPS:
        reason = (
            f"{spec.batches:,} batches times {spec.epochs:,} epochs are {spec.steps:,} steps; "
            f"a run has room for {MAX_STEPS:,}. Take fewer epochs or larger batches."
        )
        return {"epochs": reason}
    if (spec.steps + spec.epochs) * spec.parameters > MAX_RECORDED:
        reason = (
            f"A run has no room for {spec.parameters:,} parameters after each of {spec.steps:,} "
            f"steps and {spec.epochs:,} epochs. Take fewer units or fewer steps."
        )
        return {"hidden": reason}
    return {}


def _lr_reason(lr: float) -> str | None:
    if not lr > 0:
        return "Must be above 0. Try 0.02."
    return _within(lr, MIN_LR, MAX_LR)


PRESETS: dict[str, RunSpec] = {
    "calm": RunSpec(),
    "published": RunSpec(hidden=64, lr=0.09),
    "bench": RunSpec(optimizer="sgd", lr=0.1),
    "iris": RunSpec(dataset="iris", rows=100, batch_size=20, epochs=10, lr=0.05),
    "wine": RunSpec(dataset="wine", rows=118, batch_size=20, epochs=10),
    "digits": RunSpec(dataset="digits", rows=1200, hidden=32),
}
"""Named settings to start from. Those of real data learn under each of 20 seeds."""

_READERS: dict[str, Callable[[str], str | int | float]] = {
    "dataset": _one_of((*DATASETS, OWN)),
    "rows": _integer,
    "batch_size": _integer,
    "epochs": _integer,
    "hidden": _integer,
    "optimizer": _one_of(OPTIMIZERS),
    "lr": _decimal,
    "data_seed": _integer,
    "seed": _integer,
    "alterations": str,
}
