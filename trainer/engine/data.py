"""Data sets as rows to train on and rows held out.

Drawn from the data seed, read from the files of `trainer.engine.datasets`, once per process, or
from the table that a spec carries.
"""

from functools import lru_cache

from trainer.engine.datasets import DATASETS, STORED, text_of
from trainer.engine.pieces import Rows, altered, split, synthetic, table_of
from trainer.engine.spec import RunSpec

# Read before the first job: a runner that has begun opens no file.
TABLES = {name: table_of(text_of(name)) for name in STORED}


def rows_of(spec: RunSpec) -> tuple[Rows, Rows]:
    """Training rows and held-out rows of a spec. Shared by all who ask: not to be written to."""
    if spec.table:
        return _own(spec)
    return _drawn(spec.dataset, spec.rows, spec.data_seed, spec.alterations)


def _own(spec: RunSpec) -> tuple[Rows, Rows]:
    """Read anew each time: whoever deletes their rows wants no process to remember them."""
    sets = split(table_of(spec.table), spec.facts.rows, spec.rows, spec.data_seed)
    return altered(*sets, spec.alterations, spec.data_seed) if spec.alterations else sets


@lru_cache(maxsize=16)
def _drawn(dataset: str, rows: int, data_seed: int, alterations: str) -> tuple[Rows, Rows]:
    if alterations:
        return altered(*_drawn(dataset, rows, data_seed, ""), alterations, data_seed)
    if dataset == "synthetic":
        return synthetic(rows, data_seed)
    return split(TABLES[dataset], DATASETS[dataset].rows, rows, data_seed)
