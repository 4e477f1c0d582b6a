"""An axis of names: each has its place at a whole number, from 0."""

from dataclasses import dataclass

from course.drawings.plot import Axis


@dataclass(frozen=True, slots=True)
class NamedAxis(Axis):
    """Places 0, 1, 2, ...; where there are many, only every second or third is named."""

    names: tuple[str, ...] = ()

    def ticks(self, most: int) -> list[tuple[float, str]]:
        """Places with their names, at most so many."""
        step = -(-len(self.names) // most) or 1
        return [(float(at), self.names[at]) for at in range(0, len(self.names), step)]


def named(label: str, names: tuple[str, ...]) -> NamedAxis:
    """An axis with half a place of room at both ends."""
    return NamedAxis(label, -0.5, len(names) - 0.5, names=names)
