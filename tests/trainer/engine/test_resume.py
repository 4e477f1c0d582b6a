"""A run taken up at a checkpoint goes on as it did, and is taken up only where that is so."""

import pytest
import torch
from safetensors.torch import save
from torch.utils.data import DataLoader, SequentialSampler

from tests.trainer.engine.reading import OPTIMIZERS, body, parameters, same_bits, small, tensors
from trainer.engine import carried
from trainer.engine.execute import names_of, run
from trainer.engine.pieces import Rows
from trainer.engine.program import Program
from trainer.engine.recorder import Recorder
from trainer.engine.resume import again, deal_from, hands_on_nothing, pass_over_order
from trainer.engine.spec import PRESETS, RunSpec
from trainer.engine.trace import Trace
from trainer.engine.vocabulary import CORRECT


def swap(**others: str) -> Program:
    return Program.parse(",".join(others.get(name, name) for name in CORRECT))


RUNS = {
    **{name: (RunSpec(optimizer=name, rows=300, batch_size=70), Program.correct())
       for name in OPTIMIZERS},
    "digits": (RunSpec(dataset="digits", rows=300, epochs=2), Program.correct()),
    "iris": (PRESETS["iris"], Program.correct()),
    "not finite": (RunSpec(optimizer="adamw", lr=1e9), Program.correct()),
    "in order": (RunSpec(rows=300), swap(loader="loader_ordered")),
    "another loss": (RunSpec(rows=300), swap(criterion="criterion_sum")),
    "two updates": (RunSpec(rows=300),
                    body("zero_grad", "forward", "loss", "backward", "step", "step")),
    "a new head": (RunSpec(rows=300, optimizer="sgd"), swap(optimizer="optimizer,new_head")),
    "a head in time": (RunSpec(rows=300), swap(optimizer="new_head,optimizer")),
    "never clears in time": (RunSpec(rows=300, optimizer="sgd"),
                             body("zero_grad", "forward", "loss", "step", "backward")),
}  # fmt: skip


@pytest.fixture(scope="module", params=RUNS)
def trace(request: pytest.FixtureRequest) -> Trace:
    return run(*RUNS[request.param])


def seen_again(trace: Trace, first: int) -> Recorder:
    spec = RunSpec(**trace.document["spec"])
    recorder = Recorder(names_of(spec), step_budget=first)
    again(trace, recorder, first)
    recorder.read()
    return recorder


def test_every_step_taken_up_is_the_step_that_was_recorded(trace: Trace) -> None:
    stored = parameters(trace)
    for seen in trace.document["steps"]:
        recorder = seen_again(trace, seen["step"])
        last = recorder.passes[-1]
        assert len(recorder.passes) == seen["step"]
        assert (last.epoch, last.batch, last.rows) == (seen["epoch"], seen["batch"], seen["rows"])
        assert last.loss == pytest.approx(float(seen["loss"]), abs=0, rel=0, nan_ok=True)
        if seen["grad_norm"] is not None:
            assert last.grad_norm == pytest.approx(
                float(seen["grad_norm"]), abs=0, rel=0, nan_ok=True
            )
        assert same_bits(recorder.history.at([seen["step"]])[0], stored[seen["step"]])


def test_a_checkpoint_spares_the_steps_before_it() -> None:
    trace = run(PRESETS["calm"], Program.correct())
    recorder = seen_again(trace, 47)
    assert recorder.history.first == 44  # the last of every four that an optimizer's state is of
    assert not recorder.history.has(43)


def test_without_the_optimizer_s_state_the_run_begins_anew() -> None:
    trace = run(PRESETS["calm"], Program.correct())
    kept = {name: each for name, each in tensors(trace).items() if not name.startswith("state")}
    assert seen_again(Trace(trace.document, save(kept)), 47).history.first == 0


@pytest.mark.parametrize(
    "program",
    [
        swap(model="model_dropout"),
        body("forward", "loss", "backward", "step"),
        body("step", "zero_grad", "forward", "loss", "backward"),
        body("clip", "zero_grad", "forward", "loss", "backward", "step"),
        swap(optimizer="optimizer,new_head"),
        swap(train_mode="train_mode,model:1"),
        swap(eval_mode="scheduler_step,eval_mode"),
        swap(eval_mode="backward:1,eval_mode"),
        swap(train_mode="count_start", step="step,count_batch"),
        swap(step="if_fourth,step:3"),
        swap(step="step,for_batch:2,forward:3"),
        swap(for_epoch="", for_batch="for_batch:0"),
        swap(scale="model:2,scale"),
    ],
    ids=lambda program: program.spelling()[-60:],
)
def test_a_program_that_hands_on_more_is_not_taken_up(program: Program) -> None:
    assert not hands_on_nothing(program)


def test_the_correct_loop_is_taken_up() -> None:
    assert hands_on_nothing(Program.correct())


def two_loaders(*, shuffle: bool) -> tuple[DataLoader[object], DataLoader[object]]:
    """Two that deal the same rows in the same order."""
    rows = Rows(torch.rand(23, 2), torch.arange(23))
    one, other = (
        DataLoader(
            rows, batch_size=5, shuffle=shuffle, collate_fn=tuple,
            generator=torch.Generator().manual_seed(3),
        )
        for _ in range(2)
    )  # fmt: skip
    return one, other


@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("first", [0, 1, 4, 5])
def test_an_epoch_can_be_dealt_from_any_batch(first: int, shuffle: bool) -> None:
    dealt, rest = two_loaders(shuffle=shuffle)
    for _ in range(2):
        whole, part = list(dealt), list(deal_from(rest, first))
        assert [y.tolist() for _, y in part] == [y.tolist() for _, y in whole[first:]]
        assert all(
            torch.equal(x, known) for (x, _), (known, _) in zip(part, whole[first:], strict=True)
        )


@pytest.mark.parametrize("shuffle", [True, False])
def test_passing_over_an_order_draws_what_dealing_it_draws(shuffle: bool) -> None:
    dealt, passed = two_loaders(shuffle=shuffle)
    list(dealt)
    pass_over_order(passed)
    if not shuffle:
        assert isinstance(passed.sampler, SequentialSampler)
    assert [y.tolist() for _, y in dealt] == [y.tolist() for _, y in passed]


def test_states_are_kept_at_fewer_steps_where_they_are_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(carried, "ROOM", 20_000)
    kept = tensors(run(RunSpec(epochs=20), Program.correct()))
    steps = kept["state_steps"].tolist()
    assert steps == list(range(steps[0], 201, steps[0]))
    assert steps[0] > carried.EVERY
    assert sum(each.nbytes for name, each in kept.items() if name.startswith("state.")) <= 20_000


def test_a_run_with_no_room_for_every_step_keeps_no_state() -> None:
    kept = tensors(run(RunSpec(hidden=256, epochs=20, batch_size=40), Program.correct()))
    assert len(kept["kept_steps"]) < 501
    assert "state_steps" not in kept


def test_an_optimizer_without_a_state_leaves_none() -> None:
    assert "state_steps" not in tensors(run(small(optimizer="sgd"), Program.correct()))


def test_a_state_that_some_parameters_lack_is_not_kept() -> None:
    spec = small(rows=40)
    trace = run(spec, body("zero_grad", "forward_hidden", "detach_hidden", "forward_head",
                           "loss", "backward", "step"))  # fmt: skip
    assert "state_steps" not in tensors(trace)


def test_a_state_comes_back_to_the_bit() -> None:
    model = torch.nn.Linear(3, 2)
    first, other = (torch.optim.Adam(model.parameters(), lr=0.1) for _ in range(2))
    for _ in range(3):
        model(torch.rand(4, 3)).sum().backward()
        first.step()
    live = list(model.parameters())
    kept = carried.state_of(first, live)
    carried.restore(other, live, kept)
    assert all(
        same_bits(first.state[each][name], other.state[each][name])
        for each in live
        for name in ("step", "exp_avg", "exp_avg_sq")
    )
