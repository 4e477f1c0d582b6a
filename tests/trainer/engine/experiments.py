"""Misconceptions that a program, an alteration or a setting can show, each with what shows it.

An experiment has a figure, taken from its run and from a run without the mistake, and a bound
that the figure keeps. The run without the mistake, put in both places, must not keep it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.engine.trace import Trace, as_float
from trainer.engine.vocabulary import CORRECT

Figure = Callable[[Trace, Trace], float]

ADAM = RunSpec()
SGD = RunSpec(optimizer="sgd", lr=0.5)
CORE = "zero_grad,forward,loss,backward,step"


@dataclass(frozen=True)
class Experiment:
    """What to run, what to compare it with, and what must come out, in each of 20 seeds.

    `at_least` or `at_most` bounds the figure. without: the program of the run that has no
    mistake, the correct one unless told; spec_without: its spec, if another.
    """

    belief: str
    figure: Figure
    spec: RunSpec = ADAM
    lines: str = ",".join(CORRECT)
    at_least: float = -math.inf
    at_most: float = math.inf
    without: str = ",".join(CORRECT)
    spec_without: RunSpec | None = None

    def shows(self, figure: float) -> bool:
        return self.at_least <= figure <= self.at_most

    def programs(self) -> tuple[Program, Program]:
        return Program.parse(self.lines), Program.parse(self.without)

    def specs(self, seed: int) -> tuple[RunSpec, RunSpec]:
        usual = self.spec if self.spec_without is None else self.spec_without
        return replace(self.spec, seed=seed), replace(usual, seed=seed)


# -- how programs differ from the correct one ----------------------------------------


def body(core: str) -> str:
    """The correct frame with another batch."""
    return Program.parse(core).spelling()


def swap(**others: str) -> str:
    """The correct program with other lines in the place of some; `a,b` puts two there."""
    names = (others.get(name, name) for name in CORRECT)
    return ",".join(name for name in names if name)


# -- figures -------------------------------------------------------------------------


def accuracy(trace: Trace) -> float:
    """On the held-out rows at the end, as the program's own lines found it."""
    return number(trace.document["epochs"][-1]["evaluation"]["heldout_accuracy"])


def number(value: float | str | None) -> float:
    found = as_float(value)
    return math.nan if found is None else found


def losses(trace: Trace) -> list[float]:
    return [number(step["loss"]) for step in trace.document["steps"]]


def accuracy_lost(run: Trace, usual: Trace) -> float:
    return accuracy(usual) - accuracy(run)


def its_accuracy(run: Trace, _: Trace) -> float:
    return accuracy(run)


def first_loss_ratio(run: Trace, usual: Trace) -> float:
    return losses(run)[0] / losses(usual)[0]


def lowest_loss(run: Trace, _: Trace) -> float:
    return min(losses(run))


def largest_loss_difference(run: Trace, usual: Trace) -> float:
    return max(abs(a - b) for a, b in zip(losses(run), losses(usual), strict=True))


def first_loss_is_nan(run: Trace, _: Trace) -> float:
    return float(math.isnan(losses(run)[0]))


def gradient_ratio(step: int) -> Figure:
    """How much longer the gradients of a step are than without the mistake."""

    def ratio(run: Trace, usual: Trace) -> float:
        norms = [number(trace.document["steps"][step]["grad_norm"]) for trace in (run, usual)]
        return norms[0] / norms[1]

    return ratio


def total_movement(run: Trace, _: Trace) -> float:
    """Length of all updates together."""
    return sum(number(step["update_norm"]) for step in run.document["steps"])


def first_movement(run: Trace, _: Trace) -> float:
    return number(run.document["steps"][0]["update_norm"])


def movement_of(start: int, end: int | None) -> Figure:
    """The largest change of the parameters from `start` to `end`, from first to last step."""

    def moved(run: Trace, _: Trace) -> float:
        stored = run.tensor("parameters")
        first, last = (stored[index].flat[start:end] for index in (0, -1))
        return max(abs(a - b) for a, b in zip(first, last, strict=True))

    return moved


def fails_with(words: str) -> Figure:
    """1 where the run ends in an error that says so."""

    def failed(run: Trace, _: Trace) -> float:
        error = run.document["error"]
        return float(error is not None and words in f"{error['type']}: {error['message']}")

    return failed


def rows_left_out(run: Trace, _: Trace) -> float:
    dealt = sum(step["rows"] for step in run.document["steps"] if step["epoch"] == 1)
    rows: int = run.document["spec"]["rows"]
    return float(rows - dealt)


def silent_share(run: Trace, _: Trace) -> float:
    hidden: int = run.document["spec"]["hidden"]
    return (run.document["silent_units"] or 0) / hidden


def clipped_share(run: Trace, _: Trace) -> float:
    """Scores of the first batch that are exactly zero."""
    scores = run.tensor("first.logits").flat
    return sum(score == 0 for score in scores) / len(scores)


def middle_of_second_column(run: Trace, _: Trace) -> float:
    scaled = run.tensor("first.scaled")
    column = sorted(row.flat[1] for row in scaled)
    return column[len(column) // 2]


def mean_and_weighted_mean(run: Trace, _: Trace) -> float:
    """The program's own mean loss of the first epoch beside the one over rows."""
    epoch = run.document["epochs"][0]
    return abs(number(epoch["evaluation"]["mean_loss"]) - number(epoch["running_loss"]))


def unexplained_share(run: Trace, _: Trace) -> float:
    """The last epoch's mean squared error, as a share of what a constant guess leaves."""
    counts: list[int] = run.document["data"]["class_counts"]
    rows = sum(counts)
    mean = sum(label * count for label, count in enumerate(counts)) / rows
    variance = sum((label - mean) ** 2 * count for label, count in enumerate(counts)) / rows
    return number(run.document["epochs"][-1]["running_loss"]) / variance


def heldout_loss(run: Trace, _: Trace) -> float:
    return number(run.document["epochs"][-1]["evaluation"]["heldout_loss"])


def lost_by_measuring(run: Trace, _: Trace) -> float:
    """What the program's own evaluation falls short of the one in eval mode."""
    return number(run.document["epochs"][-1]["heldout_accuracy"]) - accuracy(run)


def epochs_gain(run: Trace, _: Trace) -> float:
    """By how much the mean loss fell from the first epoch to the last."""
    epochs = run.document["epochs"]
    return number(epochs[0]["running_loss"]) - number(epochs[-1]["running_loss"])


def loss_above_its_best(run: Trace, _: Trace) -> float:
    """The held-out loss at the end over the lowest that it ever was."""
    course = [number(epoch["heldout_loss"]) for epoch in run.document["epochs"]]
    return course[-1] / min(course)


def known_by_heart(run: Trace, _: Trace) -> float:
    """Accuracy on the training rows beyond that on the held-out ones."""
    last = run.document["epochs"][-1]
    return number(last["accuracy"]) - number(last["heldout_accuracy"])


def was_stopped(run: Trace, _: Trace) -> float:
    return float(run.document["status"] == "stopped")


# -- the table -----------------------------------------------------------------------

SORTED = RunSpec(alterations="sorted-labels")
PLAIN_BATCH = f"for_batch,scale,{CORE}"
SUMS = "init_seed,shuffle_seed,scaler,model,criterion,optimizer,loader,for_epoch,total_start,"
SUMS += f"count_start,{PLAIN_BATCH}"
MSE_SETUP = "init_seed,shuffle_seed,scaler,model_one,criterion_mse,optimizer,loader,for_epoch"
MSE_STEP = "zero_grad,forward,{}loss,backward,step"
RAGGED = RunSpec(batch_size=300)
MANY = RunSpec(batch_size=1000, epochs=200, hidden=256)
BY_HEART = RunSpec(rows=100, batch_size=20, epochs=200, hidden=256, lr=0.01)
FEW = RunSpec(rows=50, batch_size=25, epochs=200, hidden=256)
MSE = RunSpec(lr=0.01, epochs=10)
OUT_OF_PLACE = "init_seed,shuffle_seed,scaler,criterion,loader,for_epoch,init_seed:1,model:1,"
OUT_OF_PLACE += "optimizer:1,train_mode,for_batch,scale,zero_grad,forward,loss,backward,step,"
OUT_OF_PLACE += "eval_mode,no_grad,heldout_logits,heldout_loss,heldout_hits,heldout_accuracy"
DROPOUT = swap(model="model_dropout")
HEAD = 10 * 16 + 16
"""Where the parameters of the last layer begin, with 16 hidden units."""

EXPERIMENTS = {
    "last-batch-lost": Experiment(
        "the last, smaller batch is left out", rows_left_out,
        RunSpec(batch_size=128), swap(loader="loader_drop_last"), at_least=104, at_most=104,
    ),
    "no-shuffle-sorted": Experiment(
        "order is irrelevant", accuracy_lost, SORTED, swap(loader="loader_ordered"), at_least=0.2,
        spec_without=SORTED,
    ),
    "shuffle-breaks-pairs": Experiment(
        "shuffling parts rows from labels", accuracy_lost, RunSpec(alterations="shuffled-labels"),
        at_least=0.3, spec_without=ADAM,
    ),
    "bigger-batch-same-learning": Experiment(
        "batch size only changes speed", accuracy_lost, RunSpec(batch_size=1000), at_least=0.1,
        spec_without=ADAM,
    ),
    "wrong-label-type": Experiment(
        "any numeric label works", fails_with("RuntimeError: expected target dtype"),
        lines=body(f"labels_float,{CORE}"), at_least=1,
    ),
    "wrong-label-shape": Experiment(
        "a column of labels works", fails_with("multi-target not supported"),
        lines=body(f"labels_column,{CORE}"), at_least=1,
    ),
    "labels-from-one": Experiment(
        "classes 1 to 3 are fine", fails_with("IndexError: Target 3 is out of bounds"),
        lines=body(f"labels_shifted,{CORE}"), at_least=1,
    ),
    "label-leak": Experiment(
        "a high score means a good model", its_accuracy,
        RunSpec(alterations="label-leak", epochs=20), at_least=0.97,
        spec_without=RunSpec(epochs=20),
    ),
    "scaling-cosmetic": Experiment(
        "raw columns are fine", first_loss_ratio, SGD, swap(scaler="scaler_none"), at_least=2,
    ),
    "scaling-cosmetic-sgd": Experiment(
        "raw columns are fine", accuracy_lost, SGD, swap(scaler="scaler_none"), at_least=0.1,
    ),
    "refit-scaler-per-batch": Experiment(
        "each batch may be scaled by itself", accuracy_lost, RunSpec(batch_size=2, epochs=2),
        swap(scale="scale_per_batch"), at_least=0.03,
    ),
    "outlier": Experiment(
        "scaling makes any column useful", middle_of_second_column, RunSpec(alterations="outlier"),
        at_most=0.02, spec_without=ADAM,
    ),
    "constant-column-ok": Experiment(
        "a column that never changes is harmless", first_loss_is_nan,
        RunSpec(alterations="constant-column"), swap(scaler="scaler,bounds", scale="scale_by_hand"),
        at_least=1,
    ),
    "predict-on-raw": Experiment(
        "the model scales by itself", accuracy_lost,
        lines=swap(heldout_logits="heldout_raw"), at_least=0.05,
    ),
    "relu-on-logits": Experiment(
        "a ReLU belongs behind every layer", clipped_share,
        lines=body("zero_grad,forward,relu_logits,loss,backward,step"), at_least=0.001,
    ),
    "zero-init-neutral": Experiment(
        "zeros are a fair start", movement_of(0, -3), lines=swap(model="model,zero_weights"),
        at_most=0,
    ),
    "dead-relu-recovers": Experiment(
        "training revives a dead unit", silent_share, lines=swap(model="model,dead_units"),
        at_least=1,
    ),
    "list-registers-layers": Experiment(
        "a list of layers will do", fails_with("ValueError: optimizer got an empty parameter list"),
        lines=swap(model="net,model_net"), at_least=1,
    ),
    "late-params-trained": Experiment(
        "the optimizer follows the model", movement_of(HEAD, None),
        lines=swap(optimizer="optimizer,new_head"), at_most=0,
    ),
    "late-model-trained": Experiment(
        "the optimizer follows the model", total_movement,
        lines=swap(optimizer="optimizer,model"), at_most=0,
    ),
    "softmax-before-ce": Experiment(
        "the loss needs probabilities", lowest_loss,
        lines=body("zero_grad,forward,softmax,loss,backward,step"), at_least=0.551,
    ),
    "argmax-before-loss": Experiment(
        "compare classes", fails_with("Error"),
        lines=body("zero_grad,forward,argmax,loss,backward,step"), at_least=1,
    ),
    "sum-equals-mean": Experiment(
        "a summed loss trains alike", gradient_ratio(0), lines=swap(criterion="criterion_sum"),
        at_least=99.9, at_most=100.1,
    ),
    "sum-equals-mean-sgd": Experiment(
        "a summed loss trains alike", accuracy_lost, SGD, swap(criterion="criterion_sum"),
        at_least=0.05,
    ),
    "mean-of-batch-means": Experiment(
        "average the losses of the batches", mean_and_weighted_mean, RAGGED,
        f"{SUMS},add_loss,count_batch,mean_loss", at_least=1e-4,
        without=f"{SUMS},add_loss_rows,count_rows,mean_loss",
    ),
    "mse-shape-broadcast": Experiment(
        "[n, 1] and [n] fit", unexplained_share, MSE,
        f"{MSE_SETUP},for_batch,scale,labels_float,{MSE_STEP.format('')}", at_least=0.95,
        without=f"{MSE_SETUP},for_batch,scale,labels_float,{MSE_STEP.format('squeeze,')}",
    ),
    "softmax-wrong-dim": Experiment(
        "either dim will do", accuracy_lost,
        lines=body("zero_grad,forward,softmax_columns,loss,backward,step"), at_least=0.05,
    ),
    "forget-zero-grad": Experiment(
        "gradients are cleared by themselves", gradient_ratio(-1),
        lines=body("forward,loss,backward,step"), at_least=2,
    ),
    "zero-between": Experiment(
        "clear anywhere", total_movement,
        lines=body("forward,loss,backward,zero_grad,step"), at_most=0,
    ),
    "step-before-backward": Experiment(
        "step needs no gradient of its own batch", first_movement,
        lines=body("step,zero_grad,forward,loss,backward"), at_most=0,
    ),
    "step-within": Experiment(
        "step anywhere", fails_with("modified by an inplace operation"),
        lines=body("forward,loss,step,backward"), at_least=1,
    ),
    "backward-twice": Experiment(
        "repeat for safety", fails_with("Trying to backward through the graph a second time"),
        lines=body("zero_grad,forward,loss,backward,backward,step"), at_least=1,
    ),
    "backward-twice-retained": Experiment(
        "repeat for safety", gradient_ratio(0),
        lines=body("zero_grad,forward,loss,backward_retain,backward,step"),
        at_least=1.999, at_most=2.001,
    ),
    "gradient-downhill": Experiment(
        "add the gradient", heldout_loss,
        lines=body("zero_grad,forward,loss,loss_negative,backward,step"), at_least=3,
    ),
    "detach-logits": Experiment(
        "detach is bookkeeping", fails_with("does not require grad"),
        lines=body("zero_grad,forward,detach_logits,loss,backward,step"), at_least=1,
    ),
    "detach-harmless": Experiment(
        "detach is bookkeeping", movement_of(0, HEAD),
        lines=body("zero_grad,forward_hidden,detach_hidden,forward_head,loss,backward,step"),
        at_most=0,
    ),
    "item-then-backward": Experiment(
        "loss.item() suffices", fails_with("AttributeError: 'float' object"),
        lines=body("zero_grad,forward,loss,loss_item,backward,step"), at_least=1,
    ),
    "item-wrapped": Experiment(
        "a number in a new tensor suffices", total_movement,
        lines=body("zero_grad,forward,loss,loss_wrapped,backward,step"), at_most=0,
    ),
    "keep-loss-tensors": Experiment(
        "total = total + loss is harmless", was_stopped, MANY,
        f"init_seed,shuffle_seed,scaler,model,criterion,optimizer,loader,total_start:0,for_epoch,"
        f"{PLAIN_BATCH},add_loss_tensor", at_least=1,
    ),
    "lr-higher-faster": Experiment(
        "a larger rate is quicker", accuracy_lost, replace(SGD, lr=50.0), at_least=0.05,
        spec_without=SGD,
    ),
    "lr-lower-safer": Experiment(
        "a small rate always gets there", accuracy_lost, RunSpec(lr=0.0005), at_least=0.1,
        spec_without=ADAM,
    ),
    "epoch-restarts": Experiment(
        "an epoch begins anew", epochs_gain, lines=OUT_OF_PLACE, at_most=0.05,
    ),
    "more-epochs-better": Experiment(
        "longer training helps", loss_above_its_best, FEW, at_least=1.3, spec_without=ADAM,
    ),
    "memorised-is-learned": Experiment(
        "known by heart is understood", known_by_heart,
        replace(BY_HEART, alterations="shuffled-labels"), at_least=0.4, spec_without=ADAM,
    ),
    "forget-eval": Experiment(
        "the mode is irrelevant", lost_by_measuring, RunSpec(epochs=10),
        swap(model="model_dropout", eval_mode=""), at_least=0.02, without=DROPOUT,
    ),
    "train-in-eval-mode": Experiment(
        "Dropout works in either mode", largest_loss_difference,
        lines=swap(model="model_dropout", train_mode="eval_mode"), at_least=0.01, without=DROPOUT,
    ),
}  # fmt: skip
