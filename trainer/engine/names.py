"""What pages call the columns and classes of a run.

Standard library only. Names stand beside `x[0]` and `class 0`, which are what the program calls
them; a column or class that has no other name is called by that alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from trainer.engine.datasets import DATASETS
from trainer.engine.trace import Document


@dataclass(frozen=True, slots=True)
class Names:
    """Names of a run's columns and classes; image: height and width where a row is a picture."""

    features: Sequence[str]
    classes: Sequence[str]
    image: tuple[int, int] | None

    @classmethod
    def of(cls, document: Document) -> "Names":
        """Read a trace document; one of engine 1 holds no names."""
        data, known = document["data"], DATASETS[document["spec"]["dataset"]]
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

    def label(self, index: int) -> str:
        """A class in a sentence: `class 1 (versicolor)`."""
        name = self.of_class(index)
        return f"class {index} ({name})" if name else f"class {index}"
