"""What is told of a text that is no program, and at which line."""

import pytest

from trainer.engine.spec import RunSpec
from trainer.engine.typed import read

SPEC = RunSpec()


def told(text: str, spec: RunSpec = SPEC) -> list[tuple[int, str]]:
    reading = read(text, spec)
    assert reading.program is None, reading.program
    return [(each.line, each.reason) for each in reading.answers]


def only(text: str, line: int = 1, spec: RunSpec = SPEC) -> str:
    ((at, reason),) = told(text, spec)
    assert at == line
    return reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("loss.backwards()",
         "`loss.backwards` is no method that the course knows; did you mean `loss.backward()`?"),
        ("optimizer.zero_grads()",
         ("`optimizer.zero_grads` is no method that the course knows; did you mean "
          "`optimizer.zero_grad()`?")),
        ("loss.frobnicate()", "`loss.frobnicate` is no method that the course's lines use."),
        ("loss = criterion(lgits, y)",
         "The name `lgits` is not known here. Did you mean `logits`?"),
        ("loss = criterion(whatever, y)", "The name `whatever` is not known here."),
        ("b = b + 1", "The name `b` is not known here."),
        ("optimizer.zero_grad",
         "This is not one of the course's lines. The nearest is `optimizer.zero_grad()`."),
        ("print(loss)",
         "`print` is not needed: the run shows every loss by itself. Leave it out."),
        ('print(f"{loss}")',
         "`print` is not needed: the run shows every loss by itself. Leave it out."),
        ("while True:\n    loss.backward()", "`while` is not used in the course's loops."),
        ("import os", "`import` is not used in the course's loops."),
        ("def f(): pass", "`def` is not used in the course's loops."),
        ("if count % 4 == 0:\n    optimizer.step()\nelse:\n    optimizer.step()",
         "`else` is not used in the course's loops."),
        ("optimizer = torch.optim.SGD(model.parameters(), lr=0.02)",
         ("The settings say adam: write `optimizer = torch.optim.Adam(model.parameters(), lr=lr)`, "
          "or change the settings.")),
        ("lr = 0.5", "`lr` is 0.02 in this run, not 0.5."),
        ("loss = loss / 3", "The course's line has another number: `loss = loss / 4`."),
        ("model.zero_grad()", "`model` stands where `optimizer` belongs."),
        ("loss = nn.MSELoss()(logits, y)",
         "For this the setup has to say `criterion = nn.MSELoss()`; it does not."),
        ("for epoch in range(epochs):\n    model.train()",
         "There is a loop, but none over the batches: `for x, y in loader:`."),
        ("", "Nothing is written here yet."),
        ("# a thought", "Nothing is written here yet."),
        ("{[1]: 2}[{}](*x)(**y)", "This is not one of the course's lines."),
    ],
)  # fmt: skip
def test_a_statement_that_is_no_line_is_told_what_it_is(text: str, reason: str) -> None:
    assert only(text) == reason


def test_python_s_own_words_and_place_are_told() -> None:
    assert only("logits = model(x)\nloss = criterion(logits, y", 2) == (
        "SyntaxError, at character 17: '(' was never closed."
    )
    assert only("    loss = criterion(logits, y").startswith("SyntaxError, at character 21: ")
    assert only("for x, y in loader:\nx = scale(x)", 2).startswith("IndentationError, at character")


def test_two_names_for_one_thing_are_told() -> None:
    reason = only("pred = model(x)\nloss = criterion(logits, y)\nloss.backward()")
    assert reason == "`pred` stands where the text says `logits` elsewhere."


def test_every_line_has_its_answer_in_the_order_of_the_text() -> None:
    assert [line for line, _ in told("foo()\nloss.backward()\nbar()\n\nbaz()")] == [1, 3, 5]
    assert len(told("foo()\n" * 200)) == 20


@pytest.mark.parametrize(
    "text",
    [
        "loss.backward()\n" * 201, "x" * 10_001, "a;" * 300, "(" * 30 + ")" * 30,
        "-" * 9000 + "1", "a." * 4000 + "a", "not " * 2400 + "a", "lambda:" * 1300 + "0",
        "2**" * 3000 + "2", "f'{" * 150, "x = 0x" + "f" * 9000, "x = " + "9" * 5000,
        "if x:\n" + "".join(" " * n + "if x:\n" for n in range(1, 60)) + " " * 60 + "x",
        "loss = " * 1000 + "1", "\0", "\ud800", "loss.backward()\n" * 60,
        "x = '" + "\\" * 8001, "a if b else " * 800 + "c", "[" * 19 + "]" * 19,
    ],
)  # fmt: skip
def test_too_much_is_refused_in_a_sentence(text: str) -> None:
    for line, reason in told(text):
        assert line >= 1
        assert reason.isprintable()
        assert reason.endswith((".", "?"))


def test_too_far_is_told_at_its_line() -> None:
    blocks = "".join("    " * n + "if count % 4 == 0:\n" for n in range(5))
    assert only(blocks + "    " * 5 + "optimizer.step()", 6).startswith("This is indented too far")
