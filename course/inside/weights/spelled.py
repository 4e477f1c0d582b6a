"""The arithmetic of one update, line by line, with as many digits as it takes to come out.

Results are the engine's; nothing is computed here but whether what is printed adds up.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from course.drawings.numerals import MINUS
from course.inside.weights.entries import Entry, Ledger

FEWEST, MOST = 7, 15
"""Significant digits of a result; what goes into it has two more."""
SETTING = 12
"""Of a setting, which is as a person would type it."""
SLOT = re.compile(r"{([\w-]+)}")

Numbers = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Sum:
    """One line: what comes out, what it means, the rule in names, and how to compute it.

    In `rule` a name in braces is a number of the update.
    """

    result: str
    means: str
    rule: str
    compute: Callable[[Numbers], float]


def _new(direction: str, start: str = "before") -> Sum:
    return Sum(
        "new",
        "the new value: against the gradient, by the learning rate",
        f"{{{start}}} − {{lr}} × {{{direction}}}",
        lambda n: n[start] - n["lr"] * n[direction],
    )


BUFFER = Sum(
    "buffer",
    "the momentum buffer: what it was, shrunk, plus the gradient",
    "{momentum} × {was_buffer} + {gradient}",
    lambda n: n["momentum"] * n["was_buffer"] + n["gradient"],
)
DECAYED = Sum(
    "decayed",
    "weight decay: a little of the value goes, whatever the gradient",
    "{before} × (1 − {lr} × {weight_decay})",
    lambda n: n["before"] * (1 - n["lr"] * n["weight_decay"]),
)
ADAM = (
    Sum(
        "m",
        "the running mean of gradients (exp_avg)",
        "{beta1} × {was_m} + {1-beta1} × {gradient}",
        lambda n: n["beta1"] * n["was_m"] + n["1-beta1"] * n["gradient"],
    ),
    Sum(
        "v",
        "the running mean of their squares (exp_avg_sq)",
        "{beta2} × {was_v} + {1-beta2} × {gradient}²",
        lambda n: n["beta2"] * n["was_v"] + n["1-beta2"] * n["gradient"] * n["gradient"],
    ),
    Sum(
        "m_hat",
        "the mean, corrected for its start at 0",
        "{m} / (1 − {beta1}^{t})",
        lambda n: n["m"] / (1 - n["beta1"] ** n["t"]),
    ),
    Sum(
        "v_hat",
        "the squares, corrected in the same way",
        "{v} / (1 − {beta2}^{t})",
        lambda n: n["v"] / (1 - n["beta2"] ** n["t"]),
    ),
    Sum(
        "quotient",
        "the mean in units of its usual size; eps keeps it from a division by 0",
        "{m_hat} / (√{v_hat} + {eps})",
        lambda n: n["m_hat"] / (math.sqrt(n["v_hat"]) + n["eps"]),
    ),
)
RMSPROP = (
    Sum(
        "v",
        "the running mean of squared gradients (square_avg)",
        "{alpha} × {was_v} + {1-alpha} × {gradient}²",
        lambda n: n["alpha"] * n["was_v"] + n["1-alpha"] * n["gradient"] * n["gradient"],
    ),
    Sum(
        "quotient",
        "the gradient in units of its usual size; eps keeps it from a division by 0",
        "{gradient} / (√{v} + {eps})",
        lambda n: n["gradient"] / (math.sqrt(n["v"]) + n["eps"]),
    ),
)
RULES: dict[str, tuple[Sum, ...]] = {
    "sgd": (_new("gradient"),),
    "momentum": (BUFFER, _new("buffer")),
    "adam": (*ADAM, _new("quotient")),
    "adamw": (DECAYED, *ADAM, _new("quotient", "decayed")),
    "rmsprop": (*RMSPROP, _new("quotient")),
}
CALLED = {
    "before": "value", "gradient": "g", "was_m": "m before", "was_v": "v before",
    "was_buffer": "b before", "buffer": "b", "m_hat": "m̂", "v_hat": "v̂", "quotient": "q",
    "decayed": "decayed", "new": "new value",
}  # fmt: skip
"""What names stand for, where the line itself is shown and not its numbers."""
EXACT = ("lr", "momentum", "alpha", "beta1", "beta2", "eps", "weight_decay", "t")
"""Settings, written as a person would type them."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line as the page writes it. numbers: with this update's; "" where they are not shown."""

    name: str
    means: str
    rule: str
    numbers: str
    result: str


def lines_of(ledger: Ledger, entry: Entry, *, hidden: bool) -> list[Line]:
    """Every line of an update that was worked out; `hidden` leaves the numbers out."""
    if not entry.worked or ledger.rule is None:
        return []
    known = _known(ledger, entry)
    lines = []
    for each in RULES[ledger.rule]:
        if each is BUFFER and "was_buffer" not in known:
            first = _written(known["gradient"], FEWEST + 2)
            said = "the momentum buffer: the first one is the gradient itself"
            lines.append(Line("b", said, "g", *(("", "") if hidden else (first, first))))
            continue
        rule = SLOT.sub(lambda slot: _called(slot[1], known), each.rule)
        shown = ("", "") if hidden else _numbers(each, known)
        lines.append(Line(CALLED.get(each.result, each.result), each.means, rule, *shown))
    return lines


def _known(ledger: Ledger, entry: Entry) -> dict[str, float]:
    """Every number that a line may ask for. What an optimizer held before its first is 0."""
    settings = dict(ledger.settings)
    found = settings | {f"1-{name}": 1 - value for name, value in settings.items()}
    found |= {"was_m": 0.0, "was_v": 0.0} | {f"was_{k}": v for k, v in entry.was.items()}
    told = {"before": entry.before, "gradient": entry.gradient, "lr": entry.lr}
    return found | {k: v for k, v in told.items() if v is not None} | dict(entry.worked)


def _called(name: str, known: Numbers) -> str:
    return _typed(known[name]) if _is_exact(name) else CALLED.get(name, name)


def _numbers(line: Sum, known: Numbers) -> tuple[str, str]:
    """The line with its numbers, and its result: at the first length at which it comes out.

    At none does it where float32 has no number as large as the result.
    """
    lengths = range(FEWEST, MOST + 1)
    digits = next((each for each in lengths if _comes_out(line, known, each)), FEWEST)
    written = SLOT.sub(lambda slot: _inside(slot, known, digits + 2), line.rule)
    return written, _written(known[line.result], digits)


def _comes_out(line: Sum, known: Numbers, digits: int) -> bool:
    names = SLOT.findall(line.rule)
    printed = {name: _rounded(name, known[name], digits + 2) for name in names}
    return f"{line.compute(printed):.{digits}g}" == f"{known[line.result]:.{digits}g}"


def _rounded(name: str, value: float, digits: int) -> float:
    return float(f"{value:.{SETTING if _is_exact(name) else digits}g}")


def _is_exact(name: str) -> bool:
    return name in EXACT or name.startswith("1-")


def _inside(slot: re.Match[str], known: Numbers, digits: int) -> str:
    """A number within a line: a negative one in brackets, unless it begins the line."""
    name = slot[1]
    value = known[name]
    said = _typed(value) if _is_exact(name) else _written(value, digits)
    begins = slot.start() == 0 and not slot.string[slot.end() :].startswith("²")
    return f"({said})" if value < 0 and not begins else said


def _typed(value: float) -> str:
    return _written(value, SETTING)


def _written(value: float, digits: int) -> str:
    return f"{value:.{digits}g}".replace("-", MINUS)
