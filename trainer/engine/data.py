"""Data sets as rows to train on and rows held out.

Drawn from the data seed or read from the files of `trainer.engine.datasets`, once per process.
"""

from functools import lru_cache

from trainer.engine.datasets import DATASETS, STORED, text_of
from trainer.engine.pieces import Rows, altered, split, synthetic, table_of
from trainer.engine.spec import RunSpec

# Read before the first job: a runner that has begun opens no file.
TABLES = {name: table_of(text_of(name)) for name in STORED}


def rows_of(spec: RunSpec) -> tuple[Rows, Rows]:
    """Training rows and held-out rows of a spec. Shared by all who ask: not to be written to."""
    return _drawn(spec.dataset, spec.rows, spec.data_seed, spec.alterations)


@lru_cache(maxsize=16)
def _drawn(dataset: str, rows: int, data_seed: int, alterations: str) -> tuple[Rows, Rows]:
    if alterations:
        return altered(*_drawn(dataset, rows, data_seed, ""), alterations, data_seed)
    if dataset == "synthetic":
        return synthetic(rows, data_seed)
    return split(TABLES[dataset], DATASETS[dataset].rows, rows, data_seed)
