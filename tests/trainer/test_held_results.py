"""The recorder holds results without copying them. That is right while no line writes into one."""

import ast

import pytest

from trainer.engine.spec import RunSpec
from trainer.engine.vocabulary import VOCABULARY

INTO_THE_MODEL = {
    "net": "its own layers, while it is made",
    "dead_units": "parameters, which are copied at every step",
    "new_head": "a layer of the model, which is followed",
    "clip": "gradients, which the recorder reads before this line",
}
"""Lines that write, but never into a result that the recorder holds, and what they write into."""


def parsed(name: str) -> ast.Module:
    source = VOCABULARY[name].source(RunSpec())
    return ast.parse(source + "\n    pass" if source.endswith(":") else source)


def writes(tree: ast.Module) -> list[str]:
    """What in a text changes a tensor that some name already stands for."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.AugAssign):
            found.append("augmented assignment")
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.append("assignment into an object")
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            found += [called] if called.endswith("_") else []
            found += [f"{called}(out=...)" for each in node.keywords if each.arg == "out"]
    return found


@pytest.mark.parametrize("name", [name for name in VOCABULARY if name not in INTO_THE_MODEL])
def test_no_line_writes_into_a_result(name: str) -> None:
    assert writes(parsed(name)) == []


@pytest.mark.parametrize("name", INTO_THE_MODEL)
def test_what_writes_elsewhere_is_named(name: str) -> None:
    assert writes(parsed(name))


@pytest.mark.parametrize(
    "text", ["loss += 1", "logits[0] = 1", "y.zero_()", "torch.add(x, 1, out=x)", "p.data = q"]
)
def test_such_lines_would_be_found(text: str) -> None:
    assert writes(ast.parse(text))
