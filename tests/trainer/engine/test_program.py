"""How ids become a program and a program becomes text."""

import ast
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trainer.engine.reading import FRAME_IN, OPTIMIZERS, body
from trainer.engine.program import Program, ProgramError
from trainer.engine.spec import RunSpec
from trainer.engine.vocabulary import VOCABULARY

CORRECT = """\
init = torch.Generator().manual_seed(seed)
shuffle = torch.Generator().manual_seed(seed)
scale = MinMaxScaler().fit(train.x)
model = nn.Sequential(
    Linear(features, hidden, generator=init),
    nn.ReLU(),
    Linear(hidden, classes, generator=init),
)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=lr)
loader = DataLoader(
    train, batch_size=batch_size, shuffle=True,
    generator=shuffle, collate_fn=tuple,
)
for epoch in range(epochs):
    model.train()
    for x, y in loader:
        x = scale(x)
        optimizer.zero_grad()
        logits = model(x)
        loss = criterion(logits, y)
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        heldout_logits = model(scale(heldout.x))
        heldout_loss = criterion(heldout_logits, heldout.y)
        heldout_hits = heldout_logits.argmax(1) == heldout.y
        heldout_accuracy = heldout_hits.float().mean()
"""


def refusal(text: str) -> str:
    with pytest.raises(ProgramError) as caught:
        Program.parse(text)
    reason = str(caught.value)
    assert reason.endswith(".")
    assert reason.isprintable()
    return reason


def outcome(text: str) -> Program | str:
    """The program, or the reason against it; any other exception is the caller's failure."""
    try:
        return Program.parse(text)
    except ProgramError as refused:
        return str(refused)


def test_the_correct_program_reads_like_a_textbook() -> None:
    assert Program.correct().source(RunSpec()) == CORRECT


def test_a_batch_body_stands_in_the_frame_of_the_correct_loop() -> None:
    assert body("zero_grad", "forward", "loss", "backward", "step") == Program.correct()
    lines = body("step", "forward").source(RunSpec()).splitlines()
    at = lines.index("        x = scale(x)")
    assert lines[at + 1 : at + 3] == ["        optimizer.step()", "        logits = model(x)"]
    assert lines[at + 3] == "    model.eval()"


def test_a_list_with_a_loop_over_batches_is_a_whole_program() -> None:
    begun = CORRECT[: CORRECT.index("optimizer.zero_grad")].rstrip(" ")
    assert Program.parse(FRAME_IN).source(RunSpec()) == begun
    assert Program.parse("for_batch").source(RunSpec()) == "    for x, y in loader:\n"
    assert Program.parse("for_batch:0,scale:1").source(RunSpec()) == (
        "for x, y in loader:\n    x = scale(x)\n"
    )


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_optimizer_line_names_the_spec_s_optimizer(optimizer: str) -> None:
    source = Program.correct().source(RunSpec(optimizer=optimizer))
    names = {
        "sgd": "SGD",
        "momentum": "SGD",
        "adam": "Adam",
        "adamw": "AdamW",
        "rmsprop": "RMSprop",
    }
    assert f"optimizer = torch.optim.{names[optimizer]}(model.parameters(), lr=lr" in source
    assert ("momentum=0.9" in source) == (optimizer == "momentum")


def test_no_setting_but_the_optimizer_is_written_into_the_text() -> None:
    other = RunSpec(rows=77, batch_size=7, epochs=3, hidden=9, lr=0.123, data_seed=5, seed=6)
    assert Program.correct().source(other) == CORRECT


@pytest.mark.parametrize("text", ["", " ", ",", " , ,", "\n"])
def test_nothing_between_commas_is_nothing(text: str) -> None:
    assert Program.parse(text) == body()


def test_spaces_around_ids_do_not_matter() -> None:
    assert Program.parse(" forward ,\n loss:2 ") == Program.parse("forward,loss")


@pytest.mark.parametrize(
    "item",
    [
        "__import__", "__class__", "forward()", "forward;loss", "import os", "model.__class__",
        "FORWARD", "f\u043erward", "\uff46orward", "forward\u200b", "for ward", "forward:",
        "forward::2", "forward:2:3", ":2", "2",
        "forward:-1", "forward:a", "forward:\u0663", "forward:\uff12", "forward:10",
        "forward\0", "x" * 10_000, "forward loss", "zero_gr\u0430d", "optimizer.step()", "\ud800",
        "eval", "exec", "_LINES", "forward:1e0", "'", '"', "\\", "forward\nloss",
    ],
)  # fmt: skip
def test_what_is_not_in_the_vocabulary_is_refused_by_its_line(item: str) -> None:
    reason = refusal(f"zero_grad,{item},loss")
    assert reason == f"Line 2, {item[:40]!r}, is not in the vocabulary."


def test_levels_are_limited_from_both_sides() -> None:
    assert {each.level for each in Program.parse("for_batch:0,forward:6").lines} == {0, 6}
    for level in (7, 9):
        reason = refusal(f"loss,forward:{level}")
        assert reason == f"Line 2, 'forward:{level}', is indented too far; 6 is the most."


def test_a_whole_program_has_room_for_sixty_lines() -> None:
    sixty = ["for_batch", *["forward"] * 59]
    assert len(Program.parse(",".join(sixty)).lines) == 60
    reason = refusal(",".join([*sixty, "loss"]))
    assert reason == "61 lines are too many; a program has room for 60."


def test_a_batch_has_room_for_what_the_frame_leaves() -> None:
    frame = len(body().lines)
    room = 60 - frame
    assert len(body(*["forward"] * room).lines) == 60
    reason = refusal(",".join(["forward"] * (room + 1)))
    assert reason == f"{room + 1} lines are too many; a batch has room for {room}."


def test_a_flood_of_lines_is_refused_by_number_and_not_by_name() -> None:
    assert refusal("forward," * 100_000).startswith("100000 lines are too many")


lists = st.lists(
    st.tuples(st.sampled_from(sorted(VOCABULARY)), st.none() | st.integers(0, 6)), max_size=44
)


def spelled(items: list[tuple[str, int | None]]) -> str:
    return ",".join(name if level is None else f"{name}:{level}" for name, level in items)


@given(lists)
def test_a_program_survives_being_spelled_and_stored(items: list[tuple[str, int | None]]) -> None:
    program = Program.parse(spelled(items))
    assert Program.parse(program.spelling()) == program
    assert Program.from_list(program.as_list(RunSpec())) == program


def test_even_the_longest_program_survives_being_spelled() -> None:
    longest = body(*["forward"] * (60 - len(body().lines)))
    assert Program.parse(longest.spelling()) == longest


@given(st.text() | st.lists(st.sampled_from([*VOCABULARY, ":", ",", "_", "x", "2"])).map("".join))
def test_any_text_is_a_program_or_refused_in_a_sentence(text: str) -> None:
    found = outcome(text)
    if isinstance(found, Program):
        assert all(each.line.id in VOCABULARY for each in found.lines)
    else:
        assert found.endswith(".")
        assert found.isprintable()


@pytest.mark.parametrize("name", VOCABULARY)
def test_each_line_is_one_statement_with_its_place_and_a_note(name: str) -> None:
    line = VOCABULARY[name]
    text = line.source(RunSpec())
    (statement,) = ast.parse(text + " pass" * line.opens).body
    assert isinstance(statement, ast.For | ast.With | ast.If) == line.opens
    assert line.id == name
    assert line.section in {"setup", "epoch", "batch", "after"}
    assert line.note.endswith(".")


def test_the_vocabulary_has_no_way_out() -> None:
    dangerous = {"eval", "exec", "open", "getattr", "setattr", "compile", "globals", "input"}
    for line in VOCABULARY.values():
        text = line.source(RunSpec())
        tree = ast.parse(text + " pass" * text.endswith(":"))
        names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
        dotted = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
        assert not names & dangerous
        hidden = {name for name in names | dotted if name.startswith("_")}
        assert hidden <= ({"__init__"} if line.id == "net" else set())
        assert not [n for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom)]


def test_the_five_core_lines_are_the_contract_s() -> None:
    core: dict[str, Any] = {
        "zero_grad": "optimizer.zero_grad()",
        "forward": "logits = model(x)",
        "loss": "loss = criterion(logits, y)",
        "backward": "loss.backward()",
        "step": "optimizer.step()",
    }
    assert {name: VOCABULARY[name].source(RunSpec()) for name in core} == core
