"""The data sets: the files as they were made, and rows that are dealt out without overlap."""

import csv
import hashlib
from collections import Counter

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.trainer.engine import textbook
from tests.trainer.engine.reading import same_bits
from trainer.engine import datasets
from trainer.engine.data import rows_of
from trainer.engine.datasets import DATASETS, FOLDER, STORED, text_of
from trainer.engine.execute import run
from trainer.engine.pieces import MinMaxScaler, Rows
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.script import script_of

FINGERPRINTS = {
    "iris": "af9d12ee215dac4932a8588d8356b53a1088c1d79119b8906622fa79dc56a22e",
    "wine": "0796ab16dd4e5f4cd4790b78f5906cabefc5eba0506754fa98a1f81714f7798f",
    "digits": "fcb1406dec562ca1827da43e6611d725bb123c3a610878a77bfe67abd2824d2f",
}
SHAPES = {"iris": (150, 4), "wine": (178, 13), "digits": (1797, 64)}
CLASS_COUNTS = {
    "iris": [50, 50, 50],
    "wine": [59, 71, 48],
    "digits": [178, 182, 177, 183, 181, 182, 181, 179, 174, 180],
}

everywhere = pytest.mark.parametrize("name", DATASETS)
stored = pytest.mark.parametrize("name", SHAPES)


def spec_of(name: str, **settings: int) -> RunSpec:
    return RunSpec.parse({"dataset": name, "batch_size": 10} | settings)


def lines_of(name: str) -> list[list[str]]:
    """The file, read by Python's own reader."""
    return list(csv.reader(text_of(name).splitlines()))


def whole(rows: Rows) -> list[tuple[float, ...]]:
    """Rows with their labels, as numbers."""
    return [(*x, y) for x, y in zip(rows.x.tolist(), rows.y.tolist(), strict=True)]


def test_each_file_is_as_it_was_made() -> None:
    found = {
        path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in FOLDER.glob("*.csv")
    }
    assert found == FINGERPRINTS
    assert set(STORED) == set(FINGERPRINTS)


@stored
def test_each_has_the_rows_columns_and_classes_that_are_said_of_it(name: str) -> None:
    names, *rows = lines_of(name)
    known = DATASETS[name]
    assert (len(rows), len(names) - 1) == SHAPES[name]
    assert names == [*known.features, "class"]
    counts = Counter(int(row[-1]) for row in rows)
    assert [counts[index] for index in range(len(known.classes))] == CLASS_COUNTS[name]
    assert known.rows + known.heldout == len(rows)


@stored
def test_its_source_and_licence_are_in_the_folder_s_readme(name: str) -> None:
    readme, known = (FOLDER / "README.md").read_text(encoding="utf-8"), DATASETS[name]
    (row,) = (line for line in readme.splitlines() if line.startswith(f"| `{name}.csv`"))
    assert known.licence in row
    assert known.source.rpartition("doi ")[2] in row


@everywhere
def test_what_is_said_of_it_are_sentences(name: str) -> None:
    known = DATASETS[name]
    assert known.about.startswith("The data are ")
    assert known.about.endswith(".")
    assert known.source
    assert known.licence


def test_a_picture_has_a_cell_per_column() -> None:
    pictures = {name: known.image for name, known in DATASETS.items() if known.image}
    assert pictures == {"digits": (8, 8)}
    assert datasets.DATASETS["digits"].features[8 * 2 + 5] == "pixel 2:5"


@stored
@given(data_seed=st.integers(0, 2**31 - 1))
def test_every_row_is_dealt_to_one_side(name: str, data_seed: int) -> None:
    train, heldout = rows_of(spec_of(name, data_seed=data_seed))
    assert (len(train), len(heldout)) == (DATASETS[name].rows, DATASETS[name].heldout)
    file = torch.tensor([[float(number) for number in row] for row in lines_of(name)[1:]])
    assert Counter(whole(train) + whole(heldout)) == Counter(map(tuple, file.tolist()))


@everywhere
@given(data=st.data())
def test_the_number_of_rows_changes_nothing_but_itself(name: str, data: st.DataObject) -> None:
    data_seed = data.draw(st.integers(0, 2**31 - 1))
    rows = data.draw(st.integers(10, DATASETS[name].rows))
    few, few_heldout = rows_of(spec_of(name, rows=rows, data_seed=data_seed))
    every, every_heldout = rows_of(spec_of(name, data_seed=data_seed))
    assert len(few) == rows
    assert same_bits(few.x, every.x[:rows])
    assert same_bits(few.y, every.y[:rows])
    assert same_bits(few_heldout.x, every_heldout.x)
    assert same_bits(few_heldout.y, every_heldout.y)


@everywhere
@pytest.mark.parametrize("data_seed", [0, 1, 2**31 - 1])
def test_the_rows_are_the_textbook_s(name: str, data_seed: int) -> None:
    found = rows_of(spec_of(name, rows=50, data_seed=data_seed))
    for own, (x, y) in zip(found, textbook.rows_of(name, 50, data_seed), strict=True):
        assert same_bits(own.x, x)
        assert same_bits(own.y, y)


@everywhere
def test_another_data_seed_holds_out_other_rows(name: str) -> None:
    (_, one), (_, other) = (rows_of(spec_of(name, data_seed=seed)) for seed in (1, 2))
    assert not torch.equal(one.x, other.x)


@everywhere
def test_a_trace_names_its_columns_and_classes(name: str) -> None:
    data = run(spec_of(name, epochs=1), Program.correct()).document["data"]
    known = DATASETS[name]
    assert data["dataset"] == name
    assert data["feature_names"] == list(known.features)
    assert data["class_names"] == list(known.classes)
    assert (data["features"], data["classes"]) == (len(known.features), len(known.classes))
    assert (data["train_rows"], data["heldout_rows"]) == (known.rows, known.heldout)
    assert sum(data["class_counts"]) == known.rows
    assert sum(data["heldout_class_counts"]) == known.heldout


def test_a_column_that_never_changes_becomes_zero_and_no_other_is_touched() -> None:
    x = torch.tensor([[1.0, 7.0], [3.0, 7.0]])
    scale = MinMaxScaler().fit(x)
    assert scale(x).tolist() == [[0.0, 0.0], [1.0, 0.0]]
    assert scale(torch.tensor([[2.0, 9.0]])).tolist() == [[0.5, 2.0]]


def test_the_digits_have_such_columns_and_stay_finite() -> None:
    train, heldout = rows_of(spec_of("digits"))
    still = train.x.min(dim=0).values == train.x.max(dim=0).values
    scale = MinMaxScaler().fit(train.x)
    assert int(still.sum()) >= 3
    assert float(scale(train.x)[:, still].abs().sum()) == 0.0
    assert scale(train.x).isfinite().all()
    assert scale(heldout.x).isfinite().all()


@stored
def test_the_script_names_source_and_licence(name: str) -> None:
    script = script_of(run(spec_of(name, epochs=1), Program.correct()).document)
    assert DATASETS[name].source in script
    assert DATASETS[name].licence in script
