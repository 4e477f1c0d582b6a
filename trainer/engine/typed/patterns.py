"""The vocabulary's lines as patterns, and other ways to say the same.

A pattern's names are places for the learner's own; its settings may be given as numbers.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from trainer.engine.spec import OPTIMIZERS, RunSpec
from trainer.engine.typed.spelling import plainly
from trainer.engine.vocabulary import VOCABULARY

SETTINGS = ("batch_size", "epochs", "hidden", "lr", "seed", "features", "classes")
GIVEN = frozenset(
    {"torch", "nn", "DataLoader", "Linear", "MinMaxScaler", "train", "heldout"}
    | {"len", "range", "tuple", "super", "enumerate", *SETTINGS}
)
"""Names that stand for one thing only, whoever writes them."""

MAY_BE_LEFT_OUT = ("generator", "collate_fn")
"""Arguments that make a run repeatable and quick; the line that runs has them in any case."""

OTHERWISE: dict[str, tuple[str, ...]] = {
    "for_batch": ("for batch, (x, y) in enumerate(loader):",),
    "labels_float": ("y = y.to(torch.float32)", "y = y.to(torch.float)", "y = y.type(torch.float)"),
    "scale,forward": ("logits = model(scale(x))",),
    "forward,loss": ("loss = criterion(model(x), y)",),
    "loss,backward": ("criterion(logits, y).backward()",),
    "if_fourth": ("if not count % 4:",),
    "add_loss_rows": (
        "total = total + loss.item() * len(x)",
        "total = total + len(x) * loss.item()",
        "total = total + len(y) * loss.item()",
    ),
    "count_rows": ("count = count + len(x)",),
    "heldout_hits": ("heldout_hits = heldout.y == heldout_logits.argmax(1)",),
    "": ("torch.manual_seed(seed)", *(f"{name} = {name}" for name in SETTINGS)),
}
"""Further spellings, by what they come to: lines in a row, or nothing at all."""

AT_ONCE = {
    "criterion": ("nn.CrossEntropyLoss()", "nn.functional.cross_entropy"),
    "criterion_sum": ('nn.CrossEntropyLoss(reduction="sum")',),
    "criterion_mse": ("nn.MSELoss()", "nn.functional.mse_loss"),
}
"""What may stand in the place of `criterion` where it is used, if that line is in the program."""

CRITERION_USED = {
    "loss": "loss = {}(logits, y)",
    "forward,loss": "loss = {}(model(x), y)",
    "heldout_loss": "heldout_loss = {}(heldout_logits, heldout.y)",
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """A spelling of some lines.

    ids: what it comes to; tree: in the plain spelling, the body of a block left out; needs: a
    line that must be in the program too, or empty; optimizer: the setting that it is for.
    """

    ids: tuple[str, ...]
    tree: ast.stmt
    needs: str = ""
    optimizer: str = ""


@lru_cache(maxsize=1)
def patterns() -> tuple[Pattern, ...]:
    """All of them, parsed once."""
    return tuple(_patterns())


def _patterns() -> Iterator[Pattern]:
    for name, line in VOCABULARY.items():
        if "{optimizer}" not in line.template:
            yield Pattern((name,), _tree(line.template))
    for optimizer in OPTIMIZERS:
        text = VOCABULARY["optimizer"].source(RunSpec(optimizer=optimizer))
        yield Pattern(("optimizer",), _tree(text), optimizer=optimizer)
    for ids, texts in OTHERWISE.items():
        yield from (Pattern(_split(ids), _tree(text)) for text in texts)
    for ids, text in CRITERION_USED.items():
        for needs, calls in AT_ONCE.items():
            yield from (Pattern(_split(ids), _tree(text.format(call)), needs) for call in calls)


def _split(ids: str) -> tuple[str, ...]:
    return tuple(ids.split(",")) if ids else ()


def _tree(text: str) -> ast.stmt:
    node = ast.parse(text + " pass" * text.endswith(":")).body[0]
    if isinstance(node, ast.For | ast.With | ast.If):
        node.body = []
    return plainly(node)


@lru_cache(maxsize=1)
def known_names() -> frozenset[str]:
    """Every name that the vocabulary's lines bind or use, but for those that are given."""
    found = {
        node.id for each in patterns() for node in ast.walk(each.tree) if isinstance(node, ast.Name)
    }
    return frozenset(found) - GIVEN


@lru_cache(maxsize=1)
def known_attributes() -> frozenset[str]:
    """Every method and attribute that they use."""
    nodes = (node for each in patterns() for node in ast.walk(each.tree))
    return frozenset(node.attr for node in nodes if isinstance(node, ast.Attribute))
