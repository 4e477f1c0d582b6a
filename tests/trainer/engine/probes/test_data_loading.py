"""Probes of dealing against a loader of PyTorch's own, and against counting."""

from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader

from tests.trainer.engine.reading import tensors
from trainer.engine.data import rows_of
from trainer.engine.execute import run
from trainer.engine.probes import probe
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS, RunSpec

CALM = PRESETS["calm"]
SPECS = {
    "calm": CALM,
    "ragged": replace(CALM, batch_size=128),
    "one batch": replace(CALM, batch_size=1000, epochs=1),
    "twenty-one rows": RunSpec(rows=21, batch_size=5, epochs=2),
    "iris": PRESETS["iris"],
    "digits": replace(PRESETS["digits"], epochs=1),
}


@pytest.mark.parametrize("name", SPECS)
def test_batches_are_those_of_a_loader(name: str) -> None:
    spec = SPECS[name]
    trace = run(spec, Program.correct())
    labels = rows_of(spec)[0].y.tolist()
    sizes = [len(batch) for batch in DataLoader(labels, batch_size=spec.batch_size)]  # type: ignore[arg-type]
    doubled = len(DataLoader(labels, batch_size=2 * spec.batch_size))  # type: ignore[arg-type]
    assert probe("train_rows", trace) == len(labels)
    assert probe("batch_size", trace) == spec.batch_size
    assert probe("last_batch_rows", trace) == sizes[-1]
    assert probe("updates_at_double_batch", trace) == doubled * spec.epochs
    uneven = probe("uneven_batch_size", trace)
    if isinstance(uneven, int):
        others = [len(batch) for batch in DataLoader(labels, batch_size=uneven)]  # type: ignore[arg-type]
        assert probe("uneven_last_batch", trace) == others[-1] != uneven
        rows = torch.utils.data.TensorDataset(rows_of(spec)[0].x, rows_of(spec)[0].y)
        x, y = next(iter(DataLoader(rows, batch_size=uneven)))
        assert probe("uneven_batch_shape", trace) == str(tuple(x.shape))
        assert probe("uneven_labels_shape", trace) == str(tuple(y.shape))
    else:
        assert probe("uneven_last_batch", trace) is None
        assert probe("uneven_batch_shape", trace) is None
        assert probe("uneven_labels_shape", trace) is None


def test_first_batches_share_rows_as_often_as_orders_drawn_anew() -> None:
    spec = RunSpec(rows=50, batch_size=20, epochs=1)
    generator = torch.Generator().manual_seed(1)
    orders = [torch.randperm(50, generator=generator)[:20].tolist() for _ in range(4001)]
    shared = [len(set(one) & set(other)) for one, other in pairwise(orders)]
    found = probe("first_batches_in_common", run(spec, Program.correct()))
    assert found == pytest.approx(sum(shared) / len(shared), rel=0.02)


def test_the_last_of_twice_the_classes_is_the_largest_label_that_the_criterion_takes() -> None:
    trace = run(PRESETS["iris"], Program.correct())
    classes, last = (probe(f"{name}twice_the_classes", trace) for name in ("", "highest_of_"))
    assert isinstance(classes, int)
    assert isinstance(last, int)
    scores = torch.zeros(1, classes)
    assert cross_entropy(scores, torch.tensor([last])).isfinite()
    with pytest.raises(IndexError):
        cross_entropy(scores, torch.tensor([last + 1]))


def test_the_seed_is_the_run_s_own() -> None:
    assert probe("seed", run(replace(CALM, seed=7, epochs=1), Program.correct())) == 7


@pytest.mark.parametrize("name", SPECS)
def test_shapes_and_shares_are_counted(name: str) -> None:
    spec = SPECS[name]
    trace, rows = run(spec, Program.correct()), rows_of(spec)[0]
    found = tensors(trace)
    assert probe("full_batch_shape", trace) == str(tuple(found["first.x"].shape))
    assert probe("full_batch_labels_shape", trace) == str(tuple(found["first.y"].shape))
    counts = rows.y.bincount()
    assert probe("train_class_counts", trace) == ", ".join(map(str, counts.tolist()))
    assert probe("train_majority", trace) == pytest.approx(float(counts.max() / counts.sum()))
    assert probe("equal_share", trace) == pytest.approx(1 / len(counts))
    first = int(found["first.rows"][0])
    assert probe("first_row_dealt", trace) == first
    assert probe("class_of_first_row_dealt", trace) == int(rows.y[first])


def test_where_nothing_divides_unevenly_there_is_no_such_size() -> None:
    trace = run(RunSpec(rows=21, batch_size=5, epochs=1), Program.correct())
    assert probe("uneven_batch_size", trace) is None


def test_a_run_without_a_batch_dealt_no_row() -> None:
    trace = run(CALM, Program.parse("model,for_batch:0,loss"))
    assert probe("first_row_dealt", trace) is None
    assert probe("class_of_first_row_dealt", trace) is None
