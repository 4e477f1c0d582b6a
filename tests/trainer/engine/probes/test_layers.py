"""A row through the model in plain Python, with PyTorch as the judge."""

import pytest
import torch

from tests.trainer.engine.reading import tensors
from trainer.engine.probes.layers import Layers, first_pass, softmax
from trainer.engine.trace import Trace

RUNS = ("calm", "published", "ragged", "one by one", "momentum", "accumulating")


@pytest.mark.parametrize("name", RUNS)
def test_a_row_comes_out_as_pytorch_has_it(variety: dict[str, Trace], name: str) -> None:
    trace = variety[name]
    met = first_pass(trace)
    assert met
    rows, layers = met
    found = tensors(trace)
    for row in range(min(4, len(rows))):
        values = rows[row].flat
        assert list(values) == found["first.scaled"][row].tolist()
        hidden, logits = (found[f"first.{name}"][row] for name in ("hidden", "logits"))
        assert layers.hidden(values) == pytest.approx(hidden.tolist(), abs=1e-5)
        assert layers.logits(values) == pytest.approx(logits.tolist(), abs=1e-5)
        assert [max(each, 0.0) for each in layers.sums(values)] == layers.hidden(values)


def test_the_model_as_it_ended_is_another(calm: Trace) -> None:
    start, end = (Layers.of(calm, calm.tensor("parameters")[at]) for at in (0, -1))
    row = calm.tensor("first.scaled")[0].flat
    assert start.logits(row) != pytest.approx(end.logits(row), abs=0.1)


@pytest.mark.parametrize("name", ["no forward", "nothing", "odd indentation"])
def test_without_a_forward_pass_there_is_none(variety: dict[str, Trace], name: str) -> None:
    assert first_pass(variety[name]) is None


@pytest.mark.parametrize("logits", [[0.0], [1.0, -2.0, 0.5], [800.0, 790.0], [-1e4, 0.0]])
def test_softmax(logits: list[float]) -> None:
    expected = torch.tensor(logits, dtype=torch.float64).softmax(dim=0)
    assert softmax(logits) == pytest.approx(expected.tolist())
