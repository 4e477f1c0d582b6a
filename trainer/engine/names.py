"""What pages call the columns and classes of a run.

Standard library only. Names stand beside `x[0]` and `class 0`, which are what the program calls
them; a column or class that has no other name is called by that alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from trainer.engine.table import facts_of_spec
from trainer.engine.trace import Document

ROOM = 15
"""Characters of a name that a drawing has room for."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names of a run's columns and classes; image: height and width where a row is a picture."""

    features: Sequence[str]
    classes: Sequence[str]
    image: tuple[int, int] | None

    @classmethod
    def of(cls, document: Document) -> "Names":
        """Read a trace document; one of engine 1 holds no names."""
        data, known = document["data"], facts_of_spec(document["spec"])
        leaked = "label-leak" in document["spec"].get("alterations", "")
        return cls(
            data.get("feature_names", known.features),
            data.get("class_names", known.classes),
            None if leaked else known.image,
        )

    def feature(self, index: int) -> str:
        """What a column measures, or nothing."""
        name = self.features[index]
        return "" if name == f"x[{index}]" else name

    def column(self, index: int) -> str:
        """A column in a sentence: `x[2] (petal length)`."""
        name = self.feature(index)
        return f"x[{index}] ({name})" if name else f"x[{index}]"

    def of_class(self, index: int) -> str:
        """What a class is, or nothing."""
        name = self.classes[index]
        return "" if name == str(index) else name

    def brief(self, index: int) -> str:
        """What a class is, where a drawing has little room."""
        return cut(self.of_class(index))

    def label(self, index: int) -> str:
        """A class in a sentence: `class 1 (versicolor)`."""
        return _label(index, self.of_class(index))

    def brief_label(self, index: int) -> str:
        """The same in a drawing."""
        return _label(index, self.brief(index))


def _label(index: int, name: str) -> str:
    return f"class {index} ({name})" if name else f"class {index}"


def cut(name: str) -> str:
    """A name as far as there is room for it; wide characters take twice as much."""
    room = ROOM
    for end, each in enumerate(name):
        room -= 2 if east_asian_width(each) in "WF" else 1
        if room < 0:
            return name[: end - 1] + "\N{HORIZONTAL ELLIPSIS}"
    return name
