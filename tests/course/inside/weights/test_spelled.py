"""The lines of an update add up as they are printed, and come to what PyTorch recorded."""

import ast
import math
import operator
from collections.abc import Callable
from itertools import product

import pytest

from course.inside.weights.entries import Ledger, ledger_of
from course.inside.weights.places import Place, parameters_of
from course.inside.weights.spelled import lines_of
from tests.course.inside.reading import HONEST, number, trace_of

LINES = {"sgd": 1, "momentum": 2, "adam": 6, "adamw": 7, "rmsprop": 3}
OPERATORS: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.Pow: operator.pow,
}  # fmt: skip


def computed(text: str) -> float:
    """What a calculator makes of a printed line."""
    for shown, python in (("−", "-"), ("×", "*"), ("²", "**2"), ("^", "**"), ("√", "0.5@")):
        text = text.replace(shown, python)
    return _value(ast.parse(text, mode="eval").body)


def _value(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_value(inner)
        case ast.BinOp(left=_, op=ast.MatMult(), right=inner):
            return math.sqrt(_value(inner))
        case ast.BinOp(left=left, op=op, right=right):
            return OPERATORS[type(op)](_value(left), _value(right))
    raise AssertionError(ast.dump(node))


def ledgers(name: str) -> list[Ledger]:
    trace = trace_of(name)
    places = [
        Place(each, each.rows - 1, None if each.columns is None else each.columns // 2)
        for each in parameters_of(trace)
    ]
    found = [ledger_of(trace, place) for place in places]
    return [each for each in found if each]


@pytest.mark.parametrize("name", HONEST)
def test_every_printed_line_adds_up(name: str) -> None:
    checked = 0
    for ledger in ledgers(name):
        assert ledger.rule
        for entry in ledger.entries:
            lines = lines_of(ledger, entry, hidden=False)
            assert len(lines) == LINES[ledger.rule]
            for line in lines:
                result = number(line.result)
                if not math.isfinite(result) or "nan" in line.numbers or "inf" in line.numbers:
                    continue
                printed = line.result.partition("e")[0].strip("−0.").replace(".", "")
                digits = max(len(printed), 7)
                assert f"{computed(line.numbers):.{digits}g}" == f"{result:.{digits}g}"
                checked += 1
    assert checked > 20


@pytest.mark.parametrize("name", HONEST)
def test_the_last_line_is_what_pytorch_recorded(name: str) -> None:
    for ledger in ledgers(name):
        for entry in ledger.entries:
            *_, last = lines_of(ledger, entry, hidden=False)
            assert entry.after is not None
            assert entry.before is not None
            if not math.isfinite(entry.after) or not math.isfinite(entry.before):
                continue
            scale = abs(entry.before) + abs(entry.after) + abs(entry.worked["move"])
            assert number(last.result) == pytest.approx(entry.after, rel=0, abs=1e-6 * scale)


@pytest.mark.parametrize(
    ("name", "at"), list(product(("calm", "adamw", "momentum", "rmsprop"), (0, 7)))
)
def test_a_hidden_update_shows_its_rule_and_no_number_of_its_result(name: str, at: int) -> None:
    for ledger in ledgers(name):
        shown, hidden = (
            lines_of(ledger, ledger.entries[at], hidden=each) for each in (False, True)
        )
        assert [line.rule for line in shown] == [line.rule for line in hidden]
        assert {(line.numbers, line.result) for line in hidden} == {("", "")}


def test_an_update_without_a_gradient_has_no_arithmetic() -> None:
    for name in ("cleared", "new head"):
        for ledger in ledgers(name):
            for entry in ledger.entries:
                assert bool(lines_of(ledger, entry, hidden=False)) == (entry.gradient is not None)


def test_the_first_momentum_buffer_is_the_gradient() -> None:
    for ledger in ledgers("momentum"):
        first, second = (lines_of(ledger, each, hidden=False)[0] for each in ledger.entries[:2])
        assert first.numbers == first.result
        assert number(first.result) == pytest.approx(ledger.entries[0].gradient, rel=1e-8)
        assert second.rule == "0.9 × b before + g"
