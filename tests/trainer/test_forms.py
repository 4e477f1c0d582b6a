"""The settings of a run as a form: values kept, reasons where they belong, nothing slips in."""

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from trainer.engine.datasets import DATASETS
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS, RunSpec
from trainer.forms import RunForm

FULL_WIDTH = "\uff11\uff12"


def posted(**fields: str) -> RunForm:
    data = QueryDict(mutable=True)
    data.update(fields)
    return RunForm(data)


def test_an_empty_form_asks_for_the_calm_run() -> None:
    form = posted(csrfmiddlewaretoken="t", nonce="n")
    assert form.is_valid()
    assert form.asked is not None
    assert form.asked.spec == PRESETS["calm"]
    assert form.asked.program == Program.correct()


def test_it_asks_for_what_was_sent() -> None:
    form = posted(lr="0.5", optimizer="sgd", hidden="8", lines="forward,loss", data_seed="3")
    assert form.is_valid()
    assert form.asked is not None
    assert form.asked.spec == RunSpec(lr=0.5, optimizer="sgd", hidden=8, data_seed=3)
    assert form.asked.program == Program.parse("forward,loss")


@pytest.mark.parametrize(
    "field", ["dataset", "batch_size", "epochs", "hidden", "optimizer", "lr", "seed"]
)
@pytest.mark.parametrize(
    "value",
    [
        "nonsense",
        "-1",
        "9" * 30,
        "9" * 5000,
        "nan",
        "inf",
        "1_000",
        FULL_WIDTH,
        "1\0",
        "\ud800",
        "🙂",
    ],
)
def test_a_bad_value_is_kept_and_its_reason_stands_beside_the_field(field: str, value: str) -> None:
    form = posted(**{field: value})
    assert not form.is_valid()
    assert form.asked is None
    assert set(form.errors) == {field}
    assert form.reasons == {field: form.errors[field][0]}
    assert form[field].value() == value


@pytest.mark.parametrize("name", ["user", "owner", "score", "status", "csv", "asked", "n" * 500])
def test_an_unknown_field_is_refused_by_name(name: str) -> None:
    form = posted(**{name: "1"})
    assert not form.is_valid()
    assert name in form.reasons
    assert str(form.non_field_errors()[0]).startswith(name[:40])


def test_what_the_form_does_not_show_is_refused_above_it() -> None:
    form = posted(lines="forward,eval(1)", rows="5", preset="none")
    assert not form.is_valid()
    above = str(form.non_field_errors())
    assert "eval(1)" in above


def test_all_reasons_come_at_once() -> None:
    form = posted(lr="-1", hidden="0", lines="nonsense")
    assert not form.is_valid()
    assert set(form.errors) == {"lr", "hidden", "__all__"}


def test_it_starts_from_a_preset() -> None:
    assert RunForm.starting_from("published")["hidden"].value() == 64
    assert RunForm.starting_from("nonsense")["hidden"].value() == 16


def test_it_shows_the_settings_of_a_run() -> None:
    form = RunForm.showing({"lr": 0.5, "optimizer": "sgd"})
    assert form["lr"].value() == 0.5
    assert form["optimizer"].value() == "sgd"
    assert form["epochs"].value() == RunSpec().epochs


@pytest.mark.parametrize("name", DATASETS)
def test_a_data_set_is_all_that_it_takes_to_run_on_it(name: str) -> None:
    fields = {"batch_size": "100", "epochs": "5", "hidden": "16", "optimizer": "adam"}
    form = posted(dataset=name, lr="0.02", seed="138", **fields)
    assert form.is_valid(), form.reasons
    assert form.asked is not None
    assert (form.asked.spec.dataset, form.asked.spec.rows) == (name, DATASETS[name].rows)


def test_every_data_set_can_be_chosen_by_its_title() -> None:
    html = str(RunForm.starting_from("iris")["dataset"])
    for name, known in DATASETS.items():
        chosen = " selected" if name == "iris" else ""
        assert f'<option value="{name}"{chosen}>{known.title}</option>' in html


def test_a_batch_that_is_larger_than_the_data_set_is_refused_with_the_limit() -> None:
    form = posted(dataset="wine", batch_size="500")
    assert not form.is_valid()
    assert form.errors == {"batch_size": ["Must be between 1 and 118."]}


@given(st.dictionaries(st.sampled_from([*RunSpec().as_dict(), "lines", "preset"]), st.text()))
def test_any_text_is_asked_for_or_refused_with_a_reason(fields: dict[str, str]) -> None:
    form = posted(**fields)
    valid = form.is_valid()
    assert valid == (form.asked is not None)
    assert valid == (not form.reasons)
    assert set(form.reasons) <= set(fields)
    assert all(form.reasons.values())
    form.as_p()
