"""Where comparisons are registered and asked. Standard library only, as all of them."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from trainer.engine.trace import Trace

Figure = Callable[[Trace, Trace, str], float]
"""Of the run, the run beside it, and the argument: a number, NaN where there is none."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is measured, and how a page says it.

    says: a sentence with `{figure}` and, where there is one, `{argument}` in it. denies: of a
    comparison that is 1 or 0, the sentence for 0; `says` is then the one for 1. unit: of the
    figure. takes: what the argument is; "" where none is taken. among: the arguments that there
    are; () for any.
    """

    figure: Figure
    says: str
    unit: str
    takes: str = ""
    denies: str = ""
    among: tuple[str, ...] = ()

    @property
    def is_yes_or_no(self) -> bool:
        """Whether it is 1 or 0 and nothing between."""
        return bool(self.denies)

    def sentence(self, figure: float, written: str, argument: str) -> str:
        """What a figure says, `written` as a page writes it."""
        said = self.denies if self.is_yes_or_no and figure == 0 else self.says
        return said.replace("{argument}", argument).replace("{figure}", written)


COMPARISONS: dict[str, Comparison] = {}


def as_comparison(
    says: str, unit: str, *, takes: str = "", denies: str = "", among: tuple[str, ...] = ()
) -> Callable[[Figure], Figure]:
    """Register a function under its name."""

    def register(function: Figure) -> Figure:
        COMPARISONS[function.__name__] = Comparison(function, says, unit, takes, denies, among)
        return function

    return register


def split(spelled: str) -> tuple[str, str]:
    """Name and argument of `name argument`; a comparison that takes none is spelled by its name."""
    name, _, argument = spelled.strip().partition(" ")
    return name, argument.strip()


def refusal(spelled: str) -> str | None:
    """A sentence if this spells no comparison, or None."""
    name, argument = split(spelled)
    if name not in COMPARISONS:
        return f"comparison {name[:40]!r} does not exist."
    asked = COMPARISONS[name]
    if bool(argument) != bool(asked.takes) or (asked.among and argument not in asked.among):
        return f"comparison {name!r} takes {asked.takes or 'nothing'}."
    return None


def compare(spelled: str, run: Trace, beside: Trace) -> float | None:
    """The figure of a comparison. Raises `KeyError` for a name that is none."""
    name, argument = split(spelled)
    figure = COMPARISONS[name].figure(run, beside, argument)
    return None if math.isnan(figure) else figure
