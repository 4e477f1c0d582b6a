"""The lines in which two programs differ, as a narrow window can show them."""

from trainer.differences import lines
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.engine.vocabulary import CORRECT
from trainer.runs import Asked


def asked(*ids: str) -> Asked:
    return Asked(RunSpec(), Program.parse(",".join(ids)))


def test_what_all_shown_lines_are_moved_in_by_is_taken_away() -> None:
    without = asked(*(name for name in CORRECT if name != "zero_grad"))
    assert [(line.sign, line.code) for line in lines(without, asked(*CORRECT))] == [
        ("", "for x, y in loader:"),
        ("", "    x = scale(x)"),
        ("−", "    optimizer.zero_grad()"),
        ("", "    logits = model(x)"),
        ("", "    loss = criterion(logits, y)"),
    ]


def test_equal_programs_show_no_lines() -> None:
    assert lines(asked(*CORRECT), asked(*CORRECT)) == []
