"""The data sets: what each is, who made it, what its columns and classes are called.

Standard library only, so that pages and specs know it without torch. The real ones lie beside
this as CSV files, made by `make.py`; README.md says where the numbers come from.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent

LICENCE = "CC BY 4.0"
UCI = "UCI Machine Learning Repository"


@dataclass(frozen=True, slots=True)
class DataSet:
    """Facts of a data set.

    about: a sentence or two for a person; unit: in what its numbers are, to follow them in a
    sentence; decimals: enough to write them; rows: the most rows to train on, and how many there
    are unless fewer are asked for; heldout: rows never trained on; image: height and width where
    a row is a picture.
    """

    title: str
    about: str
    unit: str
    decimals: int
    source: str
    licence: str
    features: tuple[str, ...]
    classes: tuple[str, ...]
    rows: int
    heldout: int
    image: tuple[int, int] | None = None


def _numbered(count: int) -> tuple[str, ...]:
    """Names of classes that have none but their number."""
    return tuple(str(index) for index in range(count))


DATASETS: dict[str, DataSet] = {
    "synthetic": DataSet(
        title="made up",
        about=(
            "The data are made up: ten numbers between 0 and 100 per row, drawn at random, and a "
            "class by a hidden rule with some noise."
        ),
        unit="in raw units",
        decimals=1,
        source="drawn by this site from the data seed",
        licence="none needed",
        features=tuple(f"x[{index}]" for index in range(10)),
        classes=_numbered(3),
        rows=1000,
        heldout=500,
    ),
    "iris": DataSet(
        title="iris flowers",
        about=(
            "The data are 150 iris flowers, four lengths of each. The class of a flower is its "
            "species."
        ),
        unit="in centimetres",
        decimals=1,
        source=f"R. A. Fisher (1936), {UCI}, doi 10.24432/C56C76",
        licence=LICENCE,
        features=("sepal length", "sepal width", "petal length", "petal width"),
        classes=("setosa", "versicolor", "virginica"),
        rows=100,
        heldout=50,
    ),
    "wine": DataSet(
        title="wines",
        about=(
            "The data are chemical analyses of 178 wines from one region of Italy. The class of a "
            "wine is the variety of its grapes."
        ),
        unit="in units that the source does not name",
        decimals=2,
        source=f"S. Aeberhard and M. Forina (1992), {UCI}, doi 10.24432/C5PC7J",
        licence=LICENCE,
        features=(
            "alcohol", "malic acid", "ash", "alcalinity of ash", "magnesium", "total phenols",
            "flavanoids", "nonflavanoid phenols", "proanthocyanins", "color intensity", "hue",
            "od280/od315 of diluted wines", "proline",
        ),
        classes=("first variety", "second variety", "third variety"),
        rows=118,
        heldout=60,
    ),
    "digits": DataSet(
        title="handwritten digits",
        about=(
            "The data are 1,797 digits written by hand, each a picture of 8 by 8 cells. The class "
            "of a picture is the digit."
        ),
        unit="as ink from 0 to 16",
        decimals=0,
        source=f"E. Alpaydin and C. Kaynak (1998), {UCI}, doi 10.24432/C50P49",
        licence=LICENCE,
        features=tuple(f"pixel {row}:{column}" for row in range(8) for column in range(8)),
        classes=_numbered(10),
        rows=1200,
        heldout=597,
        image=(8, 8),
    ),
}  # fmt: skip

STORED = tuple(name for name in DATASETS if (FOLDER / f"{name}.csv").is_file())
"""Data sets that are read from a file."""


@cache
def text_of(name: str) -> str:
    """The file of a data set: a line of names, then a line per row, its class last."""
    return (FOLDER / f"{name}.csv").read_text(encoding="utf-8")
