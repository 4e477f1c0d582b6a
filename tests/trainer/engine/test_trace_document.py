"""The trace document as CONTRACT promises it: every key, its type, and strict JSON."""

import math
from itertools import pairwise

import pytest

from tests.trainer.engine.reading import body, small, strict, tensors
from trainer.engine.execute import run
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.engine.trace import Document, Trace, Values, as_float, number

VARIETY = (
    "calm", "published", "ragged", "one by one", "whole", "momentum", "adamw", "diverged",
    "not finite", "crawling", "late", "accumulating", "never clears in time", "in place",
    "no forward", "no loss", "nothing", "odd indentation",
)  # fmt: skip
STAGES = ["data-loading", "preprocessing", "model-input", "loss", "backpropagation"]
FOUR_MB = 4 * 2**20
SPELLED = {"nan", "inf", "-inf"}


def is_measured(value: object) -> bool:
    """Whether it is a finite number or the name of one that is not finite."""
    return value in SPELLED if isinstance(value, str) else isinstance(value, float)


def is_figure(value: object) -> bool:
    return value is None or is_measured(value)


def test_the_variety_is_what_the_tests_run_over(variety: dict[str, Trace]) -> None:
    assert set(VARIETY) == set(variety)
    statuses = {trace.document["status"] for trace in variety.values()}
    assert statuses == {"finished", "failed"}


@pytest.mark.parametrize("name", VARIETY)
def test_the_document_is_strict_json_and_comes_back_unchanged(
    variety: dict[str, Trace], name: str
) -> None:
    trace = variety[name]
    assert strict(trace.text("abcdefghij")) == trace.document | {"id": "abcdefghij"}
    assert strict(trace.text())["id"] is None


@pytest.mark.parametrize("name", VARIETY)
def test_every_promised_key_is_there_with_its_type(variety: dict[str, Trace], name: str) -> None:
    document = variety[name].document
    assert set(document) >= {
        "schema", "id", "key", "digest", "status", "error", "spec", "program", "source",
        "versions", "stages", "epochs", "steps", "updates",
    }  # fmt: skip
    assert document["schema"] == 1
    assert document["status"] in {"finished", "failed", "stopped", "interrupted"}
    for fingerprint in (document["key"], document["digest"]):
        assert len(fingerprint) == 64
        assert set(fingerprint) <= set("0123456789abcdef")
    assert {"engine", "torch", "python"} <= set(document["versions"])
    assert all(isinstance(each, str) for each in document["versions"].values())
    assert RunSpec(**document["spec"]).as_dict() == document["spec"]


@pytest.mark.parametrize("name", VARIETY)
def test_steps_and_epochs_are_numbered_and_typed(variety: dict[str, Trace], name: str) -> None:
    document = variety[name].document
    steps, epochs = document["steps"], document["epochs"]
    assert [each["step"] for each in steps] == list(range(1, len(steps) + 1))
    assert [each["epoch"] for each in epochs] == list(range(1, len(epochs) + 1))
    for step in steps:
        assert all(is_figure(step[key]) for key in ("loss", "grad_norm", "update_norm")), step
        assert all(isinstance(step[key], int) for key in ("epoch", "batch", "rows")), step
    for epoch in epochs:
        figures = (
            "running_loss", "running_accuracy", "loss", "accuracy", "heldout_loss",
            "heldout_accuracy",
        )  # fmt: skip
        assert all(is_figure(epoch[key]) for key in figures), epoch
        assert isinstance(epoch["observation"], str)


@pytest.mark.parametrize("name", VARIETY)
def test_an_error_is_there_exactly_when_the_run_failed(
    variety: dict[str, Trace], name: str
) -> None:
    document = variety[name].document
    error = document["error"]
    assert (error is None) == (document["status"] == "finished")
    if error is not None:
        assert set(error) == {"type", "message", "line", "step"}
        assert 1 <= error["line"] <= len(document["source"].splitlines())
        assert error["step"] == len(document["steps"])


@pytest.mark.parametrize("name", VARIETY)
def test_program_and_source_tell_the_same(variety: dict[str, Trace], name: str) -> None:
    document = variety[name].document
    written = [
        "    " * each["level"] + line
        for each in document["program"]
        for line in each["source"].split("\n")
    ]
    assert document["source"].splitlines() == written


def test_the_stages_hold_the_shapes_of_the_first_batch(calm: Trace) -> None:
    stages = {each["id"]: each for each in calm.document["stages"]}
    assert list(stages) == STAGES
    assert stages["data-loading"]["in"] == {"x": [1000, 10], "y": [1000]}
    assert stages["data-loading"]["out"] == {
        "batches": 10, "x": [100, 10], "y": [100], "last_batch_rows": 100,
    }  # fmt: skip
    assert stages["preprocessing"]["in"] == stages["preprocessing"]["out"] == {"x": [100, 10]}
    assert stages["model-input"]["in"] == {"x": [100, 10]}
    assert stages["model-input"]["out"] == {"logits": [100, 3]}
    assert stages["loss"]["in"] == {"logits": [100, 3], "y": [100]}
    assert stages["loss"]["out"] == {"loss": []}
    assert stages["backpropagation"]["out"] == {
        "gradients": {"0.weight": [16, 10], "0.bias": [16], "2.weight": [3, 16], "2.bias": [3]}
    }


def test_the_stages_tell_of_a_ragged_last_batch(variety: dict[str, Trace]) -> None:
    out = variety["ragged"].document["stages"][0]["out"]
    assert out == {"batches": 5, "x": [60, 10], "y": [60], "last_batch_rows": 10}


@pytest.mark.parametrize(
    ("name", "reached"),
    [("no forward", 2), ("no loss", 3), ("nothing", 2), ("odd indentation", 0), ("calm", 5)],
)
def test_a_stage_that_was_not_reached_has_no_output(
    variety: dict[str, Trace], name: str, reached: int
) -> None:
    outputs = [stage["out"] for stage in variety[name].document["stages"]]
    assert [each is not None for each in outputs] == [True] * reached + [False] * (5 - reached)


def test_data_and_layout_describe_the_data_set_and_the_model(calm: Trace) -> None:
    data = calm.document["data"]
    assert (data["features"], data["classes"]) == (10, 3)
    assert (data["train_rows"], sum(data["class_counts"])) == (1000, 1000)
    assert (data["heldout_rows"], sum(data["heldout_class_counts"])) == (500, 500)
    assert [each["name"] for each in calm.document["layout"]] == [
        "0.weight", "0.bias", "2.weight", "2.bias",
    ]  # fmt: skip
    count = sum(math.prod(each["shape"]) for each in calm.document["layout"])
    assert tensors(calm)["parameters"].shape == (51, count)


def test_numbers_that_are_not_finite_are_strings_and_come_back() -> None:
    for value, spelled in ((math.inf, "inf"), (-math.inf, "-inf"), (math.nan, "nan")):
        assert number(value) == spelled
        assert repr(as_float(number(value))) == repr(value)
    for value in (0.0, -0.0, 5e-324, 1.7976931348623157e308, 0.1):
        assert number(value) == value
        assert as_float(number(value)) == value
    assert as_float(None) is None


def test_a_run_that_leaves_the_numbers_says_so_in_strings(variety: dict[str, Trace]) -> None:
    document = variety["not finite"].document
    assert document["status"] == "finished"
    assert "nan" in {step["loss"] for step in document["steps"]}
    assert document["epochs"][-1]["running_loss"] == "nan"


def test_the_tensors_are_read_without_torch_to_the_same_numbers(variety: dict[str, Trace]) -> None:
    for trace in variety.values():
        for name, tensor in tensors(trace).items():
            values = trace.tensor(name)
            assert values.shape == tuple(tensor.shape)
            assert repr(list(values.flat)) == repr(tensor.flatten().tolist())


def test_what_was_not_reached_has_no_tensor(variety: dict[str, Trace]) -> None:
    trace = variety["no forward"]
    assert trace.has("first.scaled")
    assert not trace.has("first.logits")
    with pytest.raises(KeyError):
        trace.tensor("first.logits")


def test_values_are_indexed_like_a_tensor() -> None:
    values = Values((2, 3), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    assert len(values) == 2
    assert [list(row.flat) for row in values] == [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
    assert values[-1][0].item() == 4.0
    assert values[1].shape == (3,)
    for beyond in (2, -3):
        with pytest.raises(IndexError):
            values[beyond]


def checkpoints(spec: RunSpec) -> tuple[Document, list[int], int]:
    trace = run(spec, Program.correct())
    kept = tensors(trace)["kept_steps"].tolist()
    assert len(kept) == len(tensors(trace)["parameters"])
    return trace.document, kept, len(trace.tensors)


@pytest.mark.parametrize(
    "spec",
    [
        RunSpec(hidden=256, epochs=20, batch_size=40),
        RunSpec(hidden=256, epochs=150, batch_size=500),
        RunSpec(hidden=256, epochs=200, batch_size=600),
    ],
    ids=["many steps", "many epochs", "large batches"],
)
def test_a_large_run_stores_fewer_checkpoints_but_every_epoch_s_end(spec: RunSpec) -> None:
    document, kept, taken = checkpoints(spec)
    assert taken <= FOUR_MB
    assert len(kept) < spec.steps
    assert kept == sorted(set(kept))
    assert {0, 1, spec.steps} <= set(kept)
    assert {each["last_step"] for each in document["epochs"]} <= set(kept)


def test_the_largest_of_all_store_some_epochs_ends_and_the_last() -> None:
    spec = RunSpec(dataset="digits", rows=1200, batch_size=600, epochs=137, hidden=256)
    document, kept, taken = checkpoints(spec)
    ends = [each["last_step"] for each in document["epochs"] if each["last_step"] in kept]
    assert taken <= FOUR_MB
    assert {0, 1, spec.steps} <= set(kept)
    assert 20 < len(ends) < spec.epochs
    gaps = [after - before for before, after in pairwise(ends)]
    assert max(gaps) - min(gaps[:-1]) == 0


def test_a_small_run_stores_every_step(calm: Trace) -> None:
    assert tensors(calm)["kept_steps"].tolist() == list(range(51))


def test_repeated_evaluation_lines_stand_beside_the_engine_s_figures() -> None:
    trace = run(small(), body("zero_grad", "forward", "loss", "backward", "step"))
    for epoch in trace.document["epochs"]:
        own = epoch["evaluation"]
        assert own["heldout_loss"] == pytest.approx(epoch["heldout_loss"], rel=1e-6)
        assert own["heldout_accuracy"] == pytest.approx(epoch["heldout_accuracy"], rel=1e-6)
