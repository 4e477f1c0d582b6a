"""A small question of each kind, with canaries in every text that is said after an answer."""

from dataclasses import replace
from typing import Any

from course.quiz.content import Content, Option
from course.quiz.kinds import KINDS, Response
from course.quiz.roles import Value
from tests.course.quiz.conftest import COLOUR


def said(name: str, belief: str = "backward-updates", **fields: Any) -> Option:
    """An option that answers."""
    return Option(
        name,
        misconception=belief,
        feedback=f"CANARY-heading of {name}.\nCANARY-feedback of {name}.",
        evidence=f"CANARY-evidence of {name}.",
        **fields,
    )


def asked(kind: str, *options: Option, **fields: Any) -> Content:
    """A question of a kind."""
    return Content(
        kind=kind,
        prompt="What?",
        nudge="CANARY-nudge.\nCANARY-more.",
        explanation="CANARY-explanation.",
        options=options,
        **fields,
    )


FACTS = "ran_through parameters_moved own_gradients same_losses same_end"

MULTIPLE = asked(
    "multiple",
    Option("grad", text="the gradients", correct=True),
    said("bias", text="the biases' gradients", correct=True),
    said("weights", text="the weights"),
    said("labels", text="the labels"),
    points=2,
)
ORDER = asked(
    "order",
    Option("clear", text="zero_grad", correct=True),
    Option("forth", text="forward", correct=True),
    Option("price", text="loss", correct=True),
    Option("back", text="backward", correct=True),
    said("update", text="step", correct=True),
    said("shares", "softmax-before-ce", text="softmax"),
    said("wiped", "zero-between", value="back clear update"),
    said("broken", "step-before-backward", value="ran_through"),
    facts=FACTS,
)
SEQUENCE = asked(
    "order",
    Option("input", text="the input", correct=True),
    Option("logits", text="the logits", correct=True),
    Option("shares", text="the shares", correct=True),
    said("turned", "softmax-before-ce", value="shares logits"),
    said("classes", "hidden-are-classes", text="the classes of the hidden units"),
)
NESTED = asked(
    "order",
    *(
        Option(name, text=name, correct=True)
        for name in ("for_epoch", "for_batch", "scale", "zero_grad", "forward", "loss", "backward")
    ),
    said("step", text="step", correct=True),
    facts="ran_through parameters_moved",
    levels=True,
)
BLANK = asked(
    "blank",
    said("turned", "one-hot-required", value="loss = criterion(y, logits)"),
    code="{loss|logits} = {criterion|model}({logits|x|y}, {y|logits})",
)
FILLED = asked(
    "blank",
    said("still", value="parameters_moved"),
    code="optimizer.{zero_grad|step}()\nlogits = model(x)\nloss = criterion(logits, y)\n"
    "loss.backward()\noptimizer.{step|zero_grad}()",
    facts=FACTS,
)
LINE = asked("line", said("clears", value="zero_grad"), key="backward backward_retain")
PROGRAM = asked(
    "program",
    said("still", value="parameters_moved"),
    said("kept", "forget-zero-grad", value="own_gradients"),
    facts=FACTS,
)
FAULTY = asked(
    "faulty-line",
    Option("nothing", text="No parameter moves.", correct=True),
    said("rises", "loss-falls-always", text="The loss rises."),
    said("clears", value="zero_grad"),
    code="zero_grad,forward,loss,loss_wrapped,backward,step",
    key="loss_wrapped",
    facts="parameters_moved",
)
CURVE = asked(
    "curve",
    said("level", "epoch-restarts", value="1.5 1.5"),
    key="{probe running_losses}",
    tolerance=0.05,
    half_tolerance=0.25,
)
NUMBER = asked("number", said("epochs", value="5"), key="12345.678", unit="updates", tolerance=0.01)
SHAPE = asked("shape", said("turned", value="(3, 100)"), key="(100, 3)")

EXAMPLES: dict[str, Content] = {
    "choice": replace(COLOUR, nudge="CANARY-nudge."),
    "multiple": MULTIPLE,
    "number": NUMBER,
    "shape": SHAPE,
    "order": ORDER,
    "sequence": SEQUENCE,
    "nested": NESTED,
    "blank": BLANK,
    "filled": FILLED,
    "line": LINE,
    "program": PROGRAM,
    "faulty-line": FAULTY,
    "curve": CURVE,
}
LOSSES = [1.0, 0.7, 0.5, 0.4, 0.35]
VALUES: dict[str, Value] = {"running_losses": LOSSES}
"""What a run says to these questions."""


def shown_of(content: Content) -> list[str]:
    """The options in the author's order."""
    return KINDS[content.kind].shuffled(content)


def parsed(content: Content, raw: str, shown: list[str] | None = None) -> Response:
    """An answer as its kind reads it."""
    return KINDS[content.kind].parse(raw, content, shown or shown_of(content))
