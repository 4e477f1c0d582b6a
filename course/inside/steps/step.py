"""A replayed step as pages read it: what holds after a line, and how that line left it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from course.drawings.numerals import real

Value = Mapping[str, Any]
"""A tensor of the replay: shape, dtype, the numbers that are told, norm."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What a path of the state holds. value: None for what is no tensor.

    mark: what the line did: `new`, `changed`, `traced` for equal numbers that came about
    otherwise, or nothing. moved: length of the change, where there were such numbers before.
    """

    path: str
    group: str
    kind: str
    text: str
    value: Value | None
    requires_grad: bool = False
    grad_fn: str = ""
    mark: str = ""
    moved: float | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """Of a tensor; of anything else none."""
        return tuple(self.value["shape"]) if self.value else ()

    @property
    def norm(self) -> float:
        """Length of all numbers of a tensor."""
        return real(self.value["norm"]) if self.value else 0.0


@dataclass(frozen=True)
class Step:
    """One step, told by the replay `moments`; lines are counted from 1."""

    replayed: Mapping[str, Any]

    @property
    def lines(self) -> int:
        """How many lines ran in it."""
        return len(self._moments)

    @property
    def failed(self) -> bool:
        """Whether its last line is the one that failed."""
        return bool(self.replayed["failed"])

    @property
    def _moments(self) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = self.replayed["moments"]
        return told

    @cached_property
    def sources(self) -> list[int]:
        """The line of the program that each of them is."""
        return [moment["line"] for moment in self._moments]

    def default(self) -> int:
        """The line to open: the one that failed, or the last of the pass, or the last."""
        inside = [at for at, moment in enumerate(self._moments, 1) if moment["inside"]]
        return self.lines if self.failed or not inside else inside[-1]

    def is_failing(self, at: int) -> bool:
        """Whether that line is the one that failed."""
        return self.failed and at == self.lines

    def place_of(self, source: int) -> int:
        """Where a line of the program ran last in this step; the default where it did not."""
        found = [at for at, line in enumerate(self.sources, 1) if line == source]
        return found[-1] if found else self.default()

    def gone(self, at: int) -> list[str]:
        """What is no more after a line."""
        paths: list[str] = self._moments[at - 1]["gone"]
        return paths

    def again(self, at: int) -> list[str]:
        """Names that a line bound to what they held before, to the last bit."""
        names: list[str] = self._moments[at - 1]["again"]
        return names

    def recording(self, at: int) -> bool | None:
        """Whether operations are recorded for gradients from a line on; None: as before it."""
        now = self._moments[at - 1]["recording"]
        before = self._moments[at - 2]["recording"] if at > 1 else now
        return None if now == before else now

    def things(self, at: int) -> dict[str, Thing]:
        """Everything that holds after a line, by path."""
        held = {path: self._thing(path, entry) for path, entry in self.replayed["start"].items()}
        for place, moment in enumerate(self._moments[:at], 1):
            for path, entry in moment["set"].items():
                mark = _mark(held.get(path), self._thing(path, entry)) if place == at else ""
                held[path] = self._thing(path, entry, mark)
            for path in moment["gone"]:
                held.pop(path, None)
        return held

    def moves(self, path: str, at: int) -> list[float]:
        """By how much the lines up to that one changed the numbers of a path, one by one."""
        entries = [moment["set"].get(path) for moment in self._moments[:at]]
        return [real(each["moved"]) for each in entries if each and each["moved"] is not None]

    def graph(self, at: int) -> Mapping[str, Any] | None:
        """The graph of `loss` as it is after a line, with its place; None before there is one."""
        known = [each for each in self.replayed["graphs"] if each["moment"] < at]
        return known[-1] if known else None

    def visits(self, at: int) -> list[tuple[int, float]]:
        """Nodes of that graph that the last backward pass came to, with what it brought."""
        place = len([each for each in self.replayed["graphs"] if each["moment"] < at]) - 1
        flows = [
            each
            for each in self.replayed["flows"]
            if each["moment"] < at and each["graph"] == place
        ]
        return [(node, real(length)) for node, length in flows[-1]["visits"]] if flows else []

    def _thing(self, path: str, entry: Mapping[str, Any], mark: str = "") -> Thing:
        if "value" not in entry:
            return Thing(path, entry["group"], entry["kind"], entry["text"], None, mark=mark)
        moved = entry["moved"] if mark == "changed" else None
        return Thing(
            path,
            entry["group"],
            "tensor",
            "",
            self.replayed["values"][entry["value"]],
            entry["requires_grad"],
            entry["grad_fn"],
            mark,
            None if moved is None else real(moved),
        )


def _mark(before: Thing | None, now: Thing) -> str:
    if before is None:
        return "new"
    same = now.value is not None and before.value is now.value
    return "traced" if same else "changed"
