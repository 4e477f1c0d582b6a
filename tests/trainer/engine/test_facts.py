"""Facts of a program's run beside the correct loop's, tried on programs that break each of them."""

import pytest

from tests.staging import SHORT, short
from trainer.engine.execute import run_plain
from trainer.engine.facts import FACTS, facts_of
from trainer.engine.program import Program


def failing(lines: str) -> set[str]:
    """The facts that a run of these lines lacks."""
    return {name for name, holds in facts_of(short(lines), short()).items() if not holds}


MEASURED = {"same_end", "same_evaluation"}
"""What differs wherever the parameters end elsewhere."""


@pytest.mark.parametrize(
    ("lines", "lacking"),
    [
        ("zero_grad,forward,loss,backward,step", set()),
        ("forward,zero_grad,loss,backward,step", set()),
        ("forward,loss,backward,step,zero_grad", set()),
        ("zero_grad,forward_hidden,forward_head,loss,backward,step", set()),
        ("loss,forward", {"ran_through", "parameters_moved", "same_losses", *MEASURED}),
        (
            "forward,loss,backward,zero_grad,step",
            {"parameters_moved", "own_gradients", "same_losses", *MEASURED},
        ),
        ("forward,loss,backward,step", {"own_gradients", "same_losses", *MEASURED}),
        ("zero_grad,forward,softmax,loss,backward,step", {"same_losses", *MEASURED}),
        ("step,zero_grad,forward,loss,backward", {"own_gradients", *MEASURED}),
    ],
)
def test_a_run_lacks_what_its_lines_spoil(lines: str, lacking: set[str]) -> None:
    assert failing(lines) == lacking


def test_a_batch_that_is_late_has_the_losses_and_not_the_end() -> None:
    assert "same_losses" not in failing("step,zero_grad,forward,loss,backward")


def test_a_program_that_measures_nothing_lacks_the_evaluation() -> None:
    whole = (
        "init_seed,shuffle_seed,scaler,model,criterion,optimizer,loader,for_epoch,train_mode,"
        "for_batch,scale,zero_grad,forward,loss,backward,step"
    )
    assert failing(whole) == {"same_evaluation"}


KEEPING = (
    "init_seed,shuffle_seed,scaler,model,criterion,optimizer,loader,total_start:0,for_epoch,"
    "train_mode,for_batch,scale,zero_grad,forward,loss,backward,step,{},eval_mode,no_grad,"
    "heldout_logits,heldout_loss,heldout_hits,heldout_accuracy"
)


def test_a_sum_of_tensors_keeps_graphs_and_spoils_nothing_else() -> None:
    """PyTorch is the judge of what is kept: the sum knows how it came about, or it does not."""
    for line, lacking in (("add_loss_tensor", {"lets_graphs_go"}), ("add_loss", set())):
        lines = KEEPING.format(line)
        assert failing(lines) == lacking
        total = run_plain(SHORT, Program.parse(lines))["total"]
        assert isinstance(total, float) != bool(lacking)
        assert not lacking or total.grad_fn is not None


def test_each_fact_says_what_it_is() -> None:
    assert all(fact.__doc__ for fact in FACTS.values())
