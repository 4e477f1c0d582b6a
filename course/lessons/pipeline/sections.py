"""The five stages: what comes in, what happens, what goes out, in this run's numbers."""

from typing import Any

from course.lessons.pipeline.section import Section
from course.lessons.pipeline.stages import (
    backpropagation,
    data_loading,
    loss,
    model_input,
    preprocessing,
)
from trainer.engine.trace import Trace
from trainer.engine.vocabulary import VOCABULARY

TELLERS = {
    "data-loading": data_loading.tell,
    "preprocessing": preprocessing.tell,
    "model-input": model_input.tell,
    "loss": loss.tell,
    "backpropagation": backpropagation.tell,
}


def sections(trace: Trace) -> dict[str, Section]:
    """The stages that this run reached, by slug."""
    made = {slug: tell(trace) for slug, tell in TELLERS.items()}
    return {slug: section for slug, section in made.items() if section}


def code_of(trace: Trace, slug: str) -> str:
    """The lines of the batch that are this stage's."""
    lines = (placed for placed in trace.document["program"] if _is_of(placed, slug))
    return "\n".join(placed["source"] for placed in lines)


def _is_of(placed: dict[str, Any], slug: str) -> bool:
    line = VOCABULARY[placed["id"]]
    return line.stage == slug and (line.section == "batch" or line.id == "for_batch")


def flow_of(trace: Trace, slug: str) -> list[dict[str, Any]]:
    """Shapes in and out, as the margin draws them."""
    stage = next(each for each in trace.document["stages"] if each["id"] == slug)
    if not stage["in"] or not stage["out"]:
        return []
    if slug == "data-loading":
        batches, batch = data_loading.batches_of(trace), shape(stage["out"]["x"])
        return [{"text": shape(stage["in"]["x"])}, {"text": f"{batches} × {batch}"}]
    if slug == "backpropagation":
        return [{"text": "()"}, {"word": "gradients"}, {"word": "parameters"}]
    if slug == "loss":
        logits, labels = (shape(stage["in"][name]) for name in ("logits", "y"))
        return [
            {"text": logits},
            {"text": labels, "plus": True},
            {"text": shape(stage["out"]["loss"])},
        ]
    (before,), (after,) = stage["in"].values(), stage["out"].values()
    return [{"text": shape(before)}, {"text": shape(after)}]


def shape(sizes: list[int]) -> str:
    """A shape as Python prints it."""
    return str(tuple(sizes))
