"""The five stages of the pipeline as shapes of the first step's real tensors."""

from typing import Any

from trainer.engine.pieces import Rows
from trainer.engine.recorder import Recorder
from trainer.engine.trace import Document

STAGES = ("data-loading", "preprocessing", "model-input", "loss", "backpropagation")


def stage_shapes(recorder: Recorder, train: Rows) -> list[Document]:
    """What goes into each stage and what comes out; null where the run did not get there."""
    seen = {name: list(tensor.shape) for name, tensor in recorder.detail.tensors.items()}
    inputs, outputs = _inputs(seen, train), _outputs(seen, recorder)
    return [{"id": stage, "in": inputs[stage], "out": outputs[stage]} for stage in STAGES]


def _inputs(seen: dict[str, list[int]], train: Rows) -> dict[str, Any]:
    return {
        "data-loading": {"x": list(train.x.shape), "y": list(train.y.shape)},
        "preprocessing": _present(seen, x="x"),
        "model-input": _present(seen, x="scaled"),
        "loss": _present(seen, logits="logits", y="y"),
        "backpropagation": _present(seen, loss="loss"),
    }


def _outputs(seen: dict[str, list[int]], recorder: Recorder) -> dict[str, Any]:
    first_epoch = [each for each in recorder.passes if each.epoch == 1]
    dealt = _present(seen, x="x", y="y")
    whole = (
        {"batches": len(first_epoch), "last_batch_rows": first_epoch[-1].rows}
        if first_epoch
        else {}
    )
    shapes = {name: list(shape) for name, shape in recorder.history.layout}
    return {
        "data-loading": dealt and dealt | whole,
        "preprocessing": _present(seen, x="scaled"),
        "model-input": _present(seen, logits="logits"),
        "loss": _present(seen, loss="loss"),
        "backpropagation": {"gradients": shapes} if "gradients" in seen else None,
    }


def _present(seen: dict[str, list[int]], **wanted: str) -> dict[str, list[int]] | None:
    if not all(name in seen for name in wanted.values()):
        return None
    return {shown: seen[name] for shown, name in wanted.items()}
