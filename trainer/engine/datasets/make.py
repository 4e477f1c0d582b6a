"""Writes the data files of this folder from scikit-learn's loaders, once, by hand.

    python trainer/engine/datasets/make.py

Nothing else needs scikit-learn (1.9.1 was used): the site reads the files. README.md says where
the numbers come from.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sklearn.datasets import load_digits, load_iris, load_wine

FOLDER = Path(__file__).parent
LOADERS: dict[str, Callable[[], Any]] = {
    "iris": load_iris, "wine": load_wine, "digits": load_digits,
}  # fmt: skip


def text(loaded: Any) -> str:  # noqa: ANN401 - scikit-learn's Bunch
    """A line of column names, then a line per row, its class last, in the loader's order."""
    names = [_name(name) for name in loaded.feature_names]
    rows = [
        [*(f"{value:g}" for value in row), str(label)]
        for row, label in zip(loaded.data.tolist(), loaded.target.tolist(), strict=True)
    ]
    return "".join(",".join(row) + "\n" for row in [[*names, "class"], *rows])


def _name(given: str) -> str:
    """`sepal length` of `sepal length (cm)`, `pixel 2:5` of `pixel_2_5`."""
    return re.sub(r"_(\d)_(\d)$", r" \1:\2", given).removesuffix(" (cm)").replace("_", " ")


for name, load in LOADERS.items():
    (FOLDER / f"{name}.csv").write_text(text(load()), encoding="utf-8")
