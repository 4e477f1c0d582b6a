"""Watching a run changes nothing: with and without observers it ends in the same bits."""

import pytest
import torch

from tests.sizes import size
from tests.trainer.engine.reading import OPTIMIZERS, body, flat, parameters, same_bits, small
from trainer.engine.execute import run, run_plain
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS, RunSpec

SPECS = {
    **PRESETS,
    **{name: RunSpec(optimizer=name, epochs=2) for name in OPTIMIZERS},
    "ragged last batch": RunSpec(rows=250, batch_size=60, epochs=3),
    "batches of one": RunSpec(rows=40, batch_size=1, epochs=2),
    "one batch": RunSpec(batch_size=1000, epochs=3),
    "one hidden unit": RunSpec(hidden=1, epochs=2),
    "huge rate": RunSpec(optimizer="sgd", lr=1e9, epochs=2),
    "not finite": RunSpec(optimizer="adamw", lr=1e9, epochs=2),
}

BODIES = {
    "late": ("step", "zero_grad", "forward", "loss", "backward"),
    "accumulating": ("forward", "loss", "backward", "step"),
    "two updates": ("zero_grad", "forward", "loss", "backward", "step", "step"),
    "cleared too soon": ("forward", "loss", "backward", "zero_grad", "step"),
    "no update": ("zero_grad", "forward", "loss", "backward"),
    "scaled twice": ("scale", "zero_grad", "forward", "loss", "backward", "step"),
    "evaluates per batch": ("zero_grad", "forward", "loss", "backward", "step", "eval_mode:2",
                            "heldout_logits", "heldout_loss", "heldout_hits", "heldout_accuracy"),
}  # fmt: skip


@pytest.mark.parametrize("name", SPECS)
def test_recorded_and_plain_runs_end_in_the_same_bits(name: str) -> None:
    recorded = run(SPECS[name], Program.correct())
    plain = run_plain(SPECS[name], Program.correct())
    assert recorded.document["status"] == "finished"
    assert same_bits(parameters(recorded)[-1], flat(plain["model"]))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("name", BODIES)
def test_so_do_those_of_other_arrangements(name: str, optimizer: str) -> None:
    spec, program = small(optimizer=optimizer, epochs=3), body(*BODIES[name])
    recorded, plain = run(spec, program), run_plain(spec, program)
    assert recorded.document["status"] == "finished"
    assert same_bits(parameters(recorded)[-1], flat(plain["model"]))


def test_the_program_s_own_evaluation_is_the_one_it_makes_unwatched() -> None:
    spec = RunSpec(epochs=3)
    names = run_plain(spec, Program.correct())
    last = run(spec, Program.correct()).document["epochs"][-1]["evaluation"]
    assert last == {
        "heldout_loss": names["heldout_loss"].item(),
        "heldout_accuracy": names["heldout_accuracy"].item(),
    }


@pytest.mark.parametrize("seed", range(size(3, 40)))
def test_a_run_leaves_the_random_state_of_the_process_alone(seed: int) -> None:
    before = torch.get_rng_state()
    run(small(seed=seed), Program.correct())
    assert torch.equal(torch.get_rng_state(), before)


def test_a_run_does_not_depend_on_the_random_state_of_the_process() -> None:
    digests = set()
    for seed in range(3):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            digests.add(run(small(), Program.correct()).document["digest"])
    assert len(digests) == 1
