"""The tables of the stages: real figures, and sums that come out as they are printed."""

import math
import re
from collections.abc import Iterator
from decimal import Decimal

from torch import Tensor

from course.lessons import files
from course.lessons.pipeline.section import Section
from course.lessons.pipeline.tables import Table
from course.quiz import evidence
from course.quiz.markdown import sentences
from tests.course.lessons.pipeline.claims import same
from tests.course.lessons.pipeline.variety import NAMES, Facts, told_of, trace_of
from tests.course.quiz.conftest import CONTENT

RULES = {
    "sgd": r"minus the learning rate ([\de.+-]+) times the gradient",
    "adam": r"Adam's first step is about the learning rate ([\de.+-]+), whatever the gradient",
}
RULES["momentum"] = RULES["sgd"]


def told(slug: str) -> Iterator[tuple[Facts, Section]]:
    """Every run that reached a stage, and what is told of it."""
    for name in NAMES:
        if section := told_of(name).get(slug):
            yield Facts.of(name), section


def rows(table: Table | None) -> list[list[str]]:
    assert table is not None
    assert all(len(row["cells"]) == len(table["columns"]) for row in table["rows"])
    return [[cell["text"] for cell in row["cells"]] for row in table["rows"]]


def of_row(have: dict[str, Tensor], index: int) -> list[int]:
    """Number and label of a row of batch 1."""
    return [int(have[name][index]) for name in ("first.rows", "first.y")]


def exact(written: str) -> Decimal:
    return Decimal(written.replace("−", "-").replace("+", ""))


def test_the_first_rows_of_the_batch_are_the_data_s() -> None:
    for facts, section in told("data-loading"):
        have, listed = facts.tensors, rows(section.given)
        assert len(listed) == min(4, len(have["first.y"]))
        data = facts.document["data"]
        heads = [column.get("name", "") for column in (section.given or {})["columns"]]
        for index, (row, *x, y) in enumerate(listed):
            number, _, name = y.partition(" ")
            assert [int(row), int(number)] == of_row(have, index)
            assert data["class_names"][int(number)] == (name or number)
            for written, value in zip(x, have["first.x"][index].tolist(), strict=True):
                same(written, value, DECIMALS[facts.spec.dataset])
        for column, name in enumerate(heads[1:-1]):
            assert data["feature_names"][column] == (name or f"x[{column}]")


DECIMALS = {"synthetic": 1, "iris": 1, "wine": 2, "digits": 0}


def test_logits_add_up_as_printed_and_the_largest_is_marked() -> None:
    for facts, section in told("model-input"):
        have, table = facts.tensors, section.table
        assert table is not None
        for index, (row, *logits, total, label) in enumerate(rows(table)):
            assert [int(row), int(label)] == of_row(have, index)
            for written, value in zip(logits, have["first.logits"][index].tolist(), strict=True):
                same(written, value)
            assert sum(map(exact, logits)) == exact(total)
            marked = [at for at, cell in enumerate(table["rows"][index]["cells"]) if cell["mark"]]
            assert marked == [1 + int(have["first.logits"][index].argmax())]


def test_the_loss_of_a_row_is_minus_the_logarithm_of_what_is_printed_beside_it() -> None:
    for facts, section in told("loss"):
        have = facts.tensors
        shares = have["first.logits"].double().softmax(dim=1)
        for index, (row, label, share, loss) in enumerate(rows(section.table)):
            assert [int(row), int(label)] == of_row(have, index)
            assert math.isclose(float(share), shares[index, int(label)], rel_tol=1e-3)
            same(loss, have["first.row_losses"][index].item(), 4)
            assert abs(-math.log(float(share)) - float(loss)) <= 1.1e-4, facts


def test_the_logarithm_in_the_answer_to_the_question_comes_out_too() -> None:
    asked = files.read(CONTENT)[0].questions
    (question,) = (each for each in asked if each.slug == "s4-row-loss")
    content = question.content
    for name in NAMES:
        found = evidence.values_of(content.probes(), trace_of(name))
        for sentence in sentences(content.explanation, found):
            if written := re.match(r"−ln ([\d.e−-]+) = ([\d.]+)\.", sentence):
                share, loss = float(written[1].replace("−", "-")), float(written[2])
                assert abs(-math.log(share) - loss) <= 1.1e-4, name


def test_the_ledger_adds_up_as_printed() -> None:
    for facts, section in told("backpropagation"):
        jobs = [line for line in facts.lines if line in ("zero_grad", "backward", "step")]
        assert (section.table is not None) == (jobs == ["zero_grad", "backward", "step"])
        if section.table:
            check_ledger(facts, section.table)


def check_ledger(facts: Facts, table: Table) -> None:
    weight = facts.weight(table["columns"][1]["text"])
    clear, backward, step = rows(table)
    start, end = facts.after(0)[weight].item(), facts.after(1)[weight].item()
    assert clear[1] == backward[1]
    same(clear[1], start, 5)
    same(step[1], end, 5)
    assert (clear[2], backward[2]) == ("None", step[2])
    same(backward[2], facts.tensors["first.gradients"][weight].item(), 5)
    check_move(facts, [clear[1], backward[2], step[1]], step[3], end != start)


def check_move(facts: Facts, printed: list[str], told: str, moved: bool) -> None:
    """What is said of the move, against the figures that stand beside it."""
    before, gradient, after = map(exact, printed)
    if not moved:
        assert told == "Update: it stays where it is: so small a move is lost in rounding."
        return
    if told == "Update: now it moves, by less than 0.00001.":
        assert before == after
        return
    found = re.match(r"Update: now it moves, by ([+−][\d.e]+)(?:: (.*))?\.$", told)
    assert found, told
    move = exact(found[1])
    if "e" not in "".join(printed):
        assert move == after - before
    lr, optimizer = Decimal(str(facts.spec.lr)), facts.spec.optimizer
    by_rule = {
        "sgd": -lr * gradient,
        "momentum": -lr * gradient,
        "adam": -lr if gradient > 0 else lr,
    }.get(optimizer)
    agrees = by_rule is not None and (
        abs(by_rule - move) <= (Decimal("1.6e-5") if optimizer != "adam" else lr / 100)
        or ("e" in found[1] and math.isclose(by_rule, move, rel_tol=0.05))
    )
    assert agrees == (found[2] is not None), told
    if found[2]:
        rule = re.fullmatch(RULES[optimizer], found[2])
        assert rule
        assert Decimal(rule[1]) == lr
