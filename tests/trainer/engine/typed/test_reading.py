"""Texts that are programs: whose lines are forgiven their names and spellings."""

import pytest

from tests.trainer.engine.reading import OPTIMIZERS, body
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.engine.typed import Answer, Reading, read
from trainer.engine.vocabulary import SETUP, VOCABULARY

SPEC = RunSpec()
CORE = ("zero_grad", "forward", "loss", "backward", "step")
FREE = (
    "for epoch in range(epochs):\n"
    "    for x, y in loader:\n"
    "        x = scale(x)\n"
    "        optimizer.zero_grad()\n"
    "        logits = model(x)\n"
    "        loss = criterion(logits, y)\n"
    "        loss.backward()\n"
    "        optimizer.step()\n"
)
LOOP = "for_epoch,for_batch,scale," + ",".join(CORE)


def program(text: str, spec: RunSpec = SPEC) -> Program:
    reading = read(text, spec)
    assert reading.program is not None, reading.answers
    return reading.program


def ids(text: str, spec: RunSpec = SPEC) -> list[str]:
    """The lines of the batch that the text is read as."""
    lines = [each.line.id for each in program(text, spec).lines]
    frame = [each.line.id for each in body().lines]
    at = frame.index("scale") + 1
    return lines[at : len(lines) - (len(frame) - at)]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_correct_program_is_read_as_itself(optimizer: str) -> None:
    spec = RunSpec(optimizer=optimizer)
    assert program(Program.correct().source(spec), spec) == Program.correct()


@pytest.mark.parametrize("name", VOCABULARY)
def test_every_line_is_read_as_itself(name: str) -> None:
    line = VOCABULARY[name]
    text = line.source(SPEC) + f"\n    {VOCABULARY['step'].template}" * line.opens
    if name in ("for_epoch", "for_batch"):
        text = FREE
    assert name in [each.line.id for each in program(text).lines]


def test_a_batch_stands_in_the_frame_of_the_correct_loop() -> None:
    text = "\n".join(VOCABULARY[name].template for name in CORE)
    assert program(text) == Program.correct() == body(*CORE)


@pytest.mark.parametrize("indent", ["", "    ", "        ", "\t", "  "])
def test_a_batch_may_be_indented_as_it_is_in_its_loop(indent: str) -> None:
    text = "\n".join(indent + VOCABULARY[name].template for name in CORE)
    assert program(text) == Program.correct()


def test_a_loop_alone_is_given_the_honest_setup() -> None:
    assert program(FREE) == Program.parse(",".join(SETUP) + "," + LOOP)


def test_any_width_of_indentation_will_do() -> None:
    assert program(FREE.replace("    ", "  ")) == program(FREE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("optimizer.zero_grad(set_to_none=True)", ["zero_grad"]),
        ("optimizer . zero_grad( )  # clear", ["zero_grad"]),
        ("logits = model.forward(x)", ["forward"]),
        ("loss = nn.CrossEntropyLoss()(logits, y)", ["loss"]),
        ("loss = torch.nn.functional.cross_entropy(logits, y)", ["loss"]),
        ("loss = F.cross_entropy(logits, y)", ["loss"]),
        ("loss = criterion(model(x), y)", ["forward", "loss"]),
        ("logits = model(scale(x))", ["scale", "forward"]),
        ("loss.backward(retain_graph=False)", ["backward"]),
        ("loss.backward(retain_graph=True)", ["backward_retain"]),
        ("logits = torch.softmax(logits, dim=1)", ["softmax"]),
        ("logits = logits.softmax(-1)", ["softmax"]),
        ("logits = nn.functional.softmax(logits, 0)", ["softmax_columns"]),
        ("logits = nn.Softmax(dim=1)(logits)", ["softmax"]),
        ("logits = F.relu(logits)", ["relu_logits"]),
        ("logits = torch.argmax(logits, 1)", ["argmax"]),
        ("y = torch.nn.functional.one_hot(y, num_classes=3).float()", ["labels_one_hot"]),
        ("y = y.to(torch.float32)", ["labels_float"]),
        ("y += 1", ["labels_shifted"]),
        ("total += loss.item()", ["add_loss"]),
        ("total += loss.item() * x.size(0)", ["add_loss_rows"]),
        ("count += y.shape[0]", ["count_rows"]),
        ("loss /= 4", ["loss_share"]),
        ("torch.nn.utils.clip_grad_norm_(model.parameters(), 0.1)", ["clip"]),
        ("clip_grad_norm_(model.parameters(), max_norm=.1)", ["clip"]),
        ("if count % 4 == 0:\n    optimizer.step()", ["if_fourth", "step"]),
        ("if not count % 4: optimizer.step()", ["if_fourth", "step"]),
        ("model.train(False)", ["eval_mode"]),
        ("model.train(True)", ["train_mode"]),
        ("loss.backward(); optimizer.step()", ["backward", "step"]),
        ("pred = model(x)\nloss = criterion(pred, y)", ["forward", "loss"]),
        ("l = criterion(logits, y)\nl.backward()", ["loss", "backward"]),
        ("opt.zero_grad()\nout = net(inputs)\nloss = loss_fn(out, targets)",
         ["zero_grad", "forward", "loss"]),
        ("loss = criterion(pred, y)\npred = model(x)", ["loss", "forward"]),
    ],
)  # fmt: skip
def test_other_spellings_are_the_same_line(text: str, expected: list[str]) -> None:
    assert ids(text) == expected


def test_a_program_of_another_hand_is_read_line_by_line() -> None:
    text = """
import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader

torch.manual_seed(138)
lr, = 0.02,
epochs = 5
gen = torch.Generator().manual_seed(138)
g2 = torch.Generator().manual_seed(138)
norm = MinMaxScaler().fit(train.x)
net = nn.Sequential(nn.Linear(10, 16, generator=gen), nn.ReLU(), nn.Linear(16, 3, generator=gen))
loss_fn = nn.CrossEntropyLoss()
opt = optim.Adam(net.parameters(), 0.02)
batches = DataLoader(train, batch_size=100, shuffle=True, generator=g2)
for i in range(1, 6):
    net.train()
    running = 0
    n = 0
    for step, (xb, yb) in enumerate(batches):
        xb = norm(xb)
        opt.zero_grad()
        out = net(xb)
        err = loss_fn(out, yb)
        err.backward()
        opt.step()
        running += err.item() * len(xb)
        n += len(xb)
    mean = running / n
    net.eval()
    with torch.no_grad():
        out2 = net(norm(heldout.x))
        loss2 = F.cross_entropy(out2, heldout.y)
""".replace("lr, = 0.02,", "lr = 0.02")
    expected = (
        ",".join(SETUP) + ",for_epoch,train_mode,total_start,count_start,for_batch,scale,"
        "zero_grad,forward,loss,backward,step,add_loss_rows,count_rows,mean_loss,"
        "eval_mode,no_grad,heldout_logits,heldout_loss"
    )
    assert program(text) == Program.parse(expected)


def test_numbers_may_stand_for_the_run_s_settings() -> None:
    text = FREE.replace("range(epochs)", "range(7)")
    assert program(text, RunSpec(epochs=7)) == program(FREE)
    assert read(text, SPEC).program is None


def test_layers_in_a_plain_list_are_read_with_names_of_one_s_own() -> None:
    text = (
        VOCABULARY["net"].template.replace("layer in", "each in").replace("x = layer", "x = each")
    )
    text = text.replace("Net", "Mine").replace(", generator=init", "").replace("x", "z")
    text = text.replace("e" + "z", "ex")
    assert ids(f"{text}\nmodel = Mine()") == ["net", "model_net"]


def test_each_line_of_the_program_knows_the_line_of_the_text() -> None:
    reading = read("\n# mine\nlogits = model(x)\n\nloss = criterion(\n    logits,\n    y)\n", SPEC)
    assert reading.program is not None
    told = dict(zip([each.line.id for each in reading.program.lines], reading.lines, strict=True))
    assert (told["forward"], told["loss"]) == (3, 5)
    assert told["scale"] == told["eval_mode"] == 0


def test_a_program_is_either_there_or_told_why_not() -> None:
    assert read("loss.backward()", SPEC).answers == ()
    assert read("loss.bakward()", SPEC).program is None
    assert Reading.refused(Answer(2, "b"), Answer(1, "a")).answers == (
        Answer(1, "a"),
        Answer(2, "b"),
    )
