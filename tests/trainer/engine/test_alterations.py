"""Rows with something done to them: what it is, and that nothing else is touched."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.trainer.engine.reading import small
from trainer.engine.alterations import ALTERATIONS
from trainer.engine.execute import names_of, run
from trainer.engine.names import Names
from trainer.engine.pieces import Rows
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec, SpecError

Pair = tuple[Rows, Rows]


def rows(alterations: str = "") -> Pair:
    names = names_of(RunSpec(alterations=alterations))
    return names["train"], names["heldout"]


def untouched(one: Rows, other: Rows) -> bool:
    return torch.equal(one.x, other.x) and torch.equal(one.y, other.y)


def test_none_is_the_default_and_stands_in_no_spec() -> None:
    assert "alterations" not in RunSpec().as_dict()
    assert "alterations" not in RunSpec(alterations=" , ").canonical()
    assert RunSpec(alterations="outlier").as_dict()["alterations"] == "outlier"


@given(st.lists(st.sampled_from(list(ALTERATIONS)), min_size=1), st.randoms())
def test_the_order_and_number_of_names_make_no_other_spec(names: list[str], random: object) -> None:
    spec = RunSpec(alterations=" , ".join(names))
    assert spec == RunSpec(alterations=",".join(sorted(set(names), key=names[::-1].index)))
    assert RunSpec(**spec.as_dict()) == spec  # type: ignore[arg-type]
    assert RunSpec.parse(spec.as_dict()) == spec


def reason(text: str) -> str | None:
    """Why this is refused, or None."""
    try:
        RunSpec.parse({"alterations": text})
    except SpecError as refused:
        return refused.errors.pop("alterations") if len(refused.errors) == 1 else ""
    return None


@given(st.text(min_size=1))
def test_what_is_not_in_the_list_is_refused_in_a_sentence(text: str) -> None:
    wanted = {name.strip() for name in text.split(",")} - {""}
    if (refused := reason(text)) is None:
        assert wanted <= set(ALTERATIONS)
    else:
        assert not wanted <= set(ALTERATIONS)
        assert refused.startswith("Choose among shuffled-labels, ")
        assert refused.endswith(".")


def test_shuffled_labels_are_the_same_labels_on_other_rows() -> None:
    (plain, heldout), (train, held) = rows(), rows("shuffled-labels")
    assert torch.equal(train.x, plain.x)
    assert torch.equal(train.y.bincount(), plain.y.bincount())
    assert 0.2 < (train.y == plain.y).float().mean() < 0.5
    assert untouched(held, heldout)


def test_a_leaked_label_is_one_more_column_of_all_rows() -> None:
    for plain, leaked in zip(rows(), rows("label-leak"), strict=True):
        assert torch.equal(leaked.x[:, :-1], plain.x)
        assert torch.equal(leaked.x[:, -1], plain.y.float())
        assert torch.equal(leaked.y, plain.y)
    data = run(small(alterations="label-leak"), Program.correct()).document["data"]
    assert (data["features"], data["feature_names"][-1]) == (11, "label")


def test_a_constant_column_has_one_value_and_the_others_their_own() -> None:
    plain, altered = rows(), rows("constant-column")
    assert len({*altered[0].x[:, 0].tolist(), *altered[1].x[:, 0].tolist()}) == 1
    for before, after in zip(plain, altered, strict=True):
        assert torch.equal(before.x[:, 1:], after.x[:, 1:])


def test_an_outlier_is_one_value_and_squeezes_the_others_of_its_column() -> None:
    (plain, heldout), (train, held) = rows(), rows("outlier")
    assert (train.x != plain.x).sum() == 1
    assert train.x.max() == train.x[0, 1] == 100 * plain.x[:, 1].max()
    assert untouched(held, heldout)


def test_sorted_labels_keep_every_row_with_its_label() -> None:
    (plain, heldout), (train, held) = rows(), rows("sorted-labels")
    assert torch.equal(train.y, plain.y.sort().values)
    order = plain.y.argsort(stable=True)
    assert torch.equal(train.x, plain.x[order])
    assert untouched(held, heldout)


@pytest.mark.parametrize("dataset", ["iris", "wine", "digits"])
def test_real_data_may_be_altered_too(dataset: str) -> None:
    spec = RunSpec(
        dataset=dataset, rows=20, batch_size=10, epochs=1, alterations=",".join(ALTERATIONS)
    )
    document = run(spec, Program.correct()).document
    assert document["status"] == "finished"
    assert Names.of(document).image is None
    assert spec.parameters == sum(math.prod(each["shape"]) for each in document["layout"])


@pytest.mark.parametrize("name", ALTERATIONS)
def test_each_gives_a_run_of_its_own_and_leaves_the_usual_one(name: str) -> None:
    usual = run(small(), Program.correct()).document
    other = run(small(alterations=name), Program.correct()).document
    assert other["status"] == "finished"
    assert other["key"] != usual["key"]
    assert other["digest"] != usual["digest"]
    assert run(small(), Program.correct()).document["digest"] == usual["digest"]


def test_all_of_them_together_are_a_run_too() -> None:
    spec = small(alterations=",".join(ALTERATIONS))
    assert run(spec, Program.correct()).document["status"] == "finished"
