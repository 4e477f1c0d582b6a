import pytest

from course.quiz import marking
from course.quiz.checks import problems
from course.quiz.kinds import KINDS, BadResponseError
from course.quiz.kinds.faulty_line import numbered
from tests.course.quiz.examples import FAULTY, asked, parsed, said
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.trials import trial

KIND = KINDS["faulty-line"]
EVIDENCE = ["nothing", "rises"]


def test_the_lines_shown_are_those_that_run() -> None:
    names = [name for name, _ in numbered(FAULTY)]
    assert names == [
        "for_batch", "scale", "zero_grad", "forward", "loss", "loss_wrapped", "backward", "step",
    ]  # fmt: skip
    source = Program.parse(FAULTY.code).source
    texts = [text.strip() for _, text in numbered(FAULTY)]
    assert all(text in source(RunSpec()) for text in texts)


def test_of_a_whole_program_the_loops_are_shown_and_before_them_only_what_is_in_doubt() -> None:
    code = "model,optimizer,new_head,loader,for_epoch,for_batch,forward,loss,backward,step"
    fields = {"code": code, "facts": "same_end"}
    loops = asked("faulty-line", said("back", value="backward"), key="step", **fields)
    assert [name for name, _ in numbered(loops)] == code.split(",")[4:]
    assert numbered(loops)[0][1].startswith("for epoch")
    for key, value in (("new_head", "step"), ("step", "optimizer")):
        whole = asked("faulty-line", said("other", value=value), key=key, **fields)
        assert [name for name, _ in numbered(whole)] == code.split(",")


def test_the_program_is_broken_as_it_says() -> None:
    assert not trial(Program.parse(FAULTY.code)).facts["parameters_moved"]


@pytest.mark.parametrize(
    ("raw", "share", "matched"),
    [
        ("line=6\nevidence=0", 1, ""),
        ("evidence=1\nline=6", 0.5, "rises"),
        ("line=3\nevidence=0", 0, "clears"),
        ("line=1\nevidence=1", 0, ""),
    ],
)
def test_the_line_counts_before_the_evidence(raw: str, share: float, matched: str) -> None:
    verdict = marking.grade(FAULTY, {}, parsed(FAULTY, raw, EVIDENCE))
    assert verdict
    assert (verdict.share, verdict.matched) == (share, matched)


@pytest.mark.parametrize(
    "raw",
    ["line=0\nevidence=0", "line=9\nevidence=0", "line=6", "evidence=0", "line=6\nevidence=7"],
)
def test_what_names_no_line_or_no_evidence_is_refused(raw: str) -> None:
    with pytest.raises(BadResponseError):
        parsed(FAULTY, raw, EVIDENCE)


def test_a_line_that_is_there_twice_has_two_names() -> None:
    content = asked(
        "faulty-line",
        said("first", value="backward_retain"),
        code="zero_grad,forward,loss,backward_retain,backward_retain,step",
        key="backward_retain/2",
        facts="own_gradients",
    )
    assert problems(content) == []
    verdict = marking.grade(content, {}, parsed(content, "line=7"))
    assert verdict
    assert verdict.correct


def test_an_answer_is_written_with_its_number() -> None:
    assert KIND.written(["scale", "rises"], FAULTY) == "2  x = scale(x)\nThe loss rises."
