"""What a spec accepts, what it refuses and how it says so."""

import json
import math
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.trainer.engine.reading import OPTIMIZERS
from trainer.engine.alterations import ALTERATIONS
from trainer.engine.datasets import DATASETS
from trainer.engine.spec import PRESETS, RunSpec, SpecError
from trainer.engine.table import OWN

NAMES = [field.name for field in fields(RunSpec) if field.name != "table"]
"""Of the settings that can be typed: nobody types a table."""
INTEGERS = ["rows", "batch_size", "epochs", "hidden", "data_seed", "seed"]

LIMITS = [
    # field, lowest, highest, what else must hold for both to be possible
    ("rows", 10, 1000, {"batch_size": 10}),
    ("batch_size", 1, 1000, {"epochs": 1}),
    ("batch_size", 1, 250, {"rows": 250, "epochs": 1}),
    ("rows", 10, 100, {"dataset": "iris", "batch_size": 10}),
    ("rows", 10, 118, {"dataset": "wine", "batch_size": 10}),
    ("rows", 10, 1200, {"dataset": "digits", "batch_size": 10, "epochs": 1}),
    ("batch_size", 1, 100, {"dataset": "iris", "rows": 100}),
    ("epochs", 1, 200, {}),
    ("hidden", 1, 256, {}),
    ("data_seed", 0, 2**31 - 1, {}),
    ("seed", 0, 2**31 - 1, {}),
]  # fmt: skip


def refused(**given: object) -> dict[str, str]:
    """The reasons for which a spec is refused; fails where it is not."""
    with pytest.raises(SpecError) as caught:
        RunSpec.parse(given)
    assert all(field in str(caught.value) for field in caught.value.errors)
    return caught.value.errors


def outcome(given: dict[str, object]) -> RunSpec | dict[str, str]:
    """The spec, or the reasons against it; any other exception is the caller's failure."""
    try:
        return RunSpec.parse(given)
    except SpecError as refusal:
        return refusal.errors


def is_sentence(text: str) -> bool:
    return text[0].isupper() and text.endswith(".") and "\n" not in text


@pytest.mark.parametrize(("field", "low", "high", "rest"), LIMITS)
def test_each_limit_holds_from_both_sides(
    field: str, low: int, high: int, rest: dict[str, Any]
) -> None:
    for inside in (low, high):
        assert getattr(RunSpec.parse(rest | {field: str(inside)}), field) == inside
        assert getattr(RunSpec(**rest | {field: inside}), field) == inside
    for outside in (low - 1, high + 1):
        reasons = refused(**rest | {field: str(outside)})
        assert reasons == {field: f"Must be between {low} and {high}."}
        with pytest.raises(SpecError):
            RunSpec(**rest | {field: outside})


@pytest.mark.parametrize("inside", ["1e-9", "1e9", "1000000000", ".000000001"])
def test_the_learning_rate_may_reach_its_limits(inside: str) -> None:
    assert RunSpec.parse({"lr": inside}).lr == float(inside)


@pytest.mark.parametrize("outside", ["9.9e-10", "1000000000.1", "1e300"])
def test_the_learning_rate_may_not_leave_them(outside: str) -> None:
    assert refused(lr=outside) == {"lr": "Must be between 1e-09 and 1e+09."}


@pytest.mark.parametrize("nothing", ["0", "-0.0", "-1", "-1e-9", "1e-999"])
def test_a_rate_that_cannot_learn_is_refused_with_a_hint(nothing: str) -> None:
    assert refused(lr=nothing) == {"lr": "Must be above 0. Try 0.02."}


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 0.0])
def test_a_spec_cannot_be_built_around_the_reader(value: float) -> None:
    with pytest.raises(SpecError):
        RunSpec(lr=value)
    with pytest.raises(SpecError):
        replace(RunSpec(), lr=value)


def test_the_number_of_steps_is_limited_from_both_sides() -> None:
    assert RunSpec.parse({"batch_size": "100", "epochs": "200"}).steps == 2000
    assert RunSpec.parse({"batch_size": "1", "epochs": "2"}).steps == 2000
    reasons = refused(batch_size="99", epochs="182")
    assert list(reasons) == ["epochs"]
    assert "11 batches times 182 epochs are 2,002 steps" in reasons["epochs"]
    assert "2,000" in reasons["epochs"]


def test_the_parameters_of_all_steps_are_limited_too() -> None:
    digits = {"dataset": "digits", "batch_size": "1200", "hidden": "256"}
    spec = RunSpec.parse(digits | {"epochs": "200"})
    assert spec.parameters == 64 * 256 + 256 + 256 * 10 + 10
    reasons = refused(**digits | {"epochs": "200", "batch_size": "600"})
    assert list(reasons) == ["hidden"]
    assert "19,210 parameters after each of 400 steps and 200 epochs" in reasons["hidden"]
    assert RunSpec(batch_size=100, epochs=200, hidden=256).steps == 2000


@pytest.mark.parametrize("name", DATASETS)
def test_a_data_set_brings_its_own_number_of_rows(name: str) -> None:
    assert RunSpec.parse({"dataset": name}).rows == DATASETS[name].rows
    assert RunSpec.parse({"dataset": name, "rows": ""}).rows == DATASETS[name].rows
    assert RunSpec.parse({"dataset": name, "rows": "50", "batch_size": "10"}).rows == 50


def test_more_rows_than_a_data_set_has_are_refused_with_the_limit() -> None:
    assert refused(dataset="iris", rows="1000") == {"rows": "Must be between 10 and 100."}
    assert refused(dataset="iris", batch_size="101") == {"batch_size": "Must be between 1 and 100."}


def test_a_ragged_last_batch_counts_as_a_batch() -> None:
    assert (RunSpec(rows=250, batch_size=60).batches, RunSpec(rows=240).batches) == (5, 3)


@pytest.mark.parametrize(
    "name", ["learning_rate", "Rows", "rows ", "__class__", "", "schéma", "\0"]
)
def test_a_field_that_is_not_known_is_refused_by_name(name: str) -> None:
    reasons = refused(**{name: "1"})
    assert list(reasons) == [name]
    assert reasons[name] == f"Not a setting. The settings are {', '.join(NAMES)}."


@pytest.mark.parametrize("name", ["quiet", "CALM", "calm ", "\0", "__init__"])
def test_a_preset_that_is_not_known_is_refused_with_those_that_are(name: str) -> None:
    assert refused(preset=name) == {"preset": f"Not a preset. Choose one of {', '.join(PRESETS)}."}


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_where_a_spec_starts_from(name: str) -> None:
    assert RunSpec.parse({"preset": name}) == PRESETS[name]
    assert RunSpec.parse({"preset": name, "seed": "7"}) == replace(PRESETS[name], seed=7)


BAD_NUMBERS = [
    "1_000", "\uff11\uff12", "٣", "nan", "NaN", "inf", "-inf", "Infinity", "1e", "e3", "--1", "+-1",
    "1 0", "0x10", "1,5", "1\0", "\0", "1\n2", "ten", "½", "²", "None", "True", "[]", "1" * 5000,
    "9" * 13, "-" + "1" * 5000, "\ud800", "1.0.0", ".", "+", "-", " ",
]  # fmt: skip


@pytest.mark.parametrize("field", INTEGERS)
@pytest.mark.parametrize("text", [*BAD_NUMBERS, "1.0", "1.5", "1e2", "1e999"])
def test_what_is_not_a_whole_number_is_refused(field: str, text: str) -> None:
    assert refused(**{field: text}) == {field: "Must be a whole number."}


@pytest.mark.parametrize("text", [text for text in BAD_NUMBERS if text != "9" * 13])
def test_what_is_not_a_number_is_refused(text: str) -> None:
    assert refused(lr=text) == {"lr": "Must be a number, for example 0.02 or 1e-3."}


@pytest.mark.parametrize("text", ["1e999", "9" * 13, "9" * 20])
def test_a_number_beyond_all_limits_is_a_number_out_of_bounds(text: str) -> None:
    assert refused(lr=text) == {"lr": "Must be between 1e-09 and 1e+09."}


@pytest.mark.parametrize("value", [True, False, [], [100], {"rows": 1}, object(), b"100", 1.5])
def test_values_that_are_neither_text_nor_whole_are_refused(value: object) -> None:
    assert list(refused(rows=value)) == ["rows"]


@pytest.mark.parametrize("field", ["dataset", "optimizer"])
@pytest.mark.parametrize("text", ["SGD", "\u0430dam", "lion", "adam\0", "tsv", "synthetic,", "1"])
def test_a_choice_that_is_none_is_refused_with_those_that_are(field: str, text: str) -> None:
    choices = {"dataset": (*DATASETS, OWN), "optimizer": OPTIMIZERS}[field]
    assert refused(**{field: text}) == {field: f"Choose one of {', '.join(choices)}."}


@pytest.mark.parametrize("empty", ["", None])
def test_what_is_left_empty_takes_the_preset_s_value(empty: object) -> None:
    given = dict.fromkeys(NAMES, empty)
    assert RunSpec.parse(given) == RunSpec()
    assert RunSpec.parse(given | {"preset": "bench"}) == PRESETS["bench"]


def test_several_errors_are_told_at_once() -> None:
    reasons = refused(rows="many", lr="0", optimizer="lion", depth="3", seed="-1")
    assert set(reasons) == {"rows", "lr", "optimizer", "depth", "seed"}
    assert all(is_sentence(reason) for reason in reasons.values())


def test_an_impossible_number_of_rows_is_one_error_and_not_two() -> None:
    assert list(refused(rows="-5", batch_size="10")) == ["rows"]
    assert list(refused(rows="5000", batch_size="100")) == ["rows"]


def test_more_rows_per_batch_than_rows_is_refused() -> None:
    assert refused(rows="50", batch_size="51") == {"batch_size": "Must be between 1 and 50."}


@pytest.mark.parametrize("spelling", ["100", "+100", "0100", " 100 ", 100, "000000000100"])
def test_a_whole_number_has_many_spellings_and_one_meaning(spelling: object) -> None:
    assert RunSpec.parse({"rows": spelling, "epochs": 3}) == RunSpec(rows=100, epochs=3)


@pytest.mark.parametrize("spelling", ["0.02", "2e-2", ".02", "+0.020", "2E-02", "0.2e-1", 0.02])
def test_so_has_a_rate(spelling: object) -> None:
    assert RunSpec.parse({"lr": spelling}).canonical() == RunSpec().canonical()


def test_the_canonical_form_is_strict_json_of_every_setting() -> None:
    canonical = RunSpec().canonical()
    assert json.loads(canonical) == RunSpec().as_dict()
    assert list(json.loads(canonical)) == sorted(set(NAMES) - {"alterations"})
    assert RunSpec(**json.loads(canonical)) == RunSpec()


@given(st.permutations([(name, getattr(RunSpec(seed=9, lr=0.5), name)) for name in NAMES]))
def test_the_order_of_fields_does_not_matter(pairs: list[tuple[str, object]]) -> None:
    texts = {name: str(value) for name, value in pairs}
    assert RunSpec.parse(texts).canonical() == RunSpec(seed=9, lr=0.5).canonical()


def valid() -> st.SearchStrategy[RunSpec]:
    """Any spec within the limits."""
    return st.builds(
        RunSpec,
        rows=st.integers(200, 1000),
        batch_size=st.integers(100, 200),
        epochs=st.integers(1, 200),
        hidden=st.integers(1, 256),
        optimizer=st.sampled_from(OPTIMIZERS),
        lr=st.floats(1e-9, 1e9),
        data_seed=st.integers(0, 2**31 - 1),
        seed=st.integers(0, 2**31 - 1),
        alterations=st.sets(st.sampled_from(list(ALTERATIONS))).map(",".join),
    )


@given(spec=valid())
def test_every_spec_survives_being_written_and_read(spec: RunSpec) -> None:
    texts = {name: str(value) for name, value in spec.as_dict().items()}
    assert RunSpec.parse(texts) == spec
    assert RunSpec(**json.loads(spec.canonical())) == spec


@given(one=valid(), other=valid(), field=st.sampled_from(NAMES))
def test_specs_are_equal_exactly_when_their_canonical_forms_are(
    one: RunSpec, other: RunSpec, field: str
) -> None:
    close = replace(one, **{field: getattr(other, field)})
    for left, right in ((one, other), (one, close), (one, replace(one))):
        assert (left == right) == (left.canonical() == right.canonical())


values = st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none(), st.binary())
fields_given = st.dictionaries(st.one_of(st.sampled_from([*NAMES, "preset"]), st.text()), values)


@given(fields_given)
@example({"rows": "1" * 5000, "\0": "\ud800"})
def test_whatever_is_given_is_a_spec_or_refused_in_sentences(given: dict[str, object]) -> None:
    found = outcome(given)
    if isinstance(found, RunSpec):
        assert RunSpec(**found.as_dict()) == found  # type: ignore[arg-type]
    else:
        assert found
        assert all(is_sentence(reason) for reason in found.values())
