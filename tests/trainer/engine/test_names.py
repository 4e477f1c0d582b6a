"""What columns and classes are called, where they have a name and where they have none."""

from dataclasses import replace

import pytest

from trainer.engine.datasets import DATASETS
from trainer.engine.execute import run
from trainer.engine.names import Names
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS
from trainer.engine.trace import Document


def document_of(name: str) -> Document:
    spec = replace(PRESETS[name], epochs=1)
    return run(spec, Program.correct()).document


def test_a_column_and_a_class_are_called_by_their_names() -> None:
    names = Names.of(document_of("iris"))
    assert [names.feature(index) for index in (0, 3)] == ["sepal length", "petal width"]
    assert [names.of_class(index) for index in range(3)] == ["setosa", "versicolor", "virginica"]
    assert names.label(1) == "class 1 (versicolor)"
    assert names.column(3) == "x[3] (petal width)"
    assert names.image is None


def test_what_has_no_name_is_called_by_its_number_alone() -> None:
    names = Names.of(document_of("calm"))
    assert {names.feature(index) for index in range(10)} == {""}
    assert names.label(2) == "class 2"
    assert names.column(4) == "x[4]"
    digits = Names.of(document_of("digits"))
    assert (digits.label(7), digits.feature(21), digits.image) == ("class 7", "pixel 2:5", (8, 8))


@pytest.mark.parametrize("name", ["calm", "digits"])
def test_a_document_that_holds_no_names_is_read_all_the_same(name: str) -> None:
    document = document_of(name)
    kept = {"features", "classes", "train_rows", "heldout_rows"}
    old = document | {"data": {key: document["data"][key] for key in kept}}
    assert Names.of(old) == Names.of(document) or Names.of(old).classes == tuple(
        DATASETS[document["spec"]["dataset"]].classes
    )
