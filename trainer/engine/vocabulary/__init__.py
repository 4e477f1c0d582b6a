"""Every line that a program may hold, with the stage of the course that it belongs to.

Standard library only. To add a line, add it to the file of its section; what it names must exist
in `trainer.engine.pieces` or in `torch`. Which lines make an honest loop, and which need a guard
of their own when they run, is told here.
"""

from trainer.engine.vocabulary import after, batch, epoch, setup
from trainer.engine.vocabulary.line import Line

__all__ = [
    "CORE",
    "CORRECT",
    "DRAWS",
    "FRAME_AFTER",
    "FRAME_BEFORE",
    "KEEPS_GRAPHS",
    "SETUP",
    "VOCABULARY",
    "Line",
]

VOCABULARY: dict[str, Line] = {
    line.id: line for line in (*setup.LINES, *epoch.LINES, *batch.LINES, *after.LINES)
}

SETUP = ("init_seed", "shuffle_seed", "scaler", "model", "criterion", "optimizer", "loader")
CORE = ("zero_grad", "forward", "loss", "backward", "step")
FRAME_BEFORE = (*SETUP, "for_epoch", "train_mode", "for_batch", "scale")
FRAME_AFTER = (
    "eval_mode", "no_grad", "heldout_logits", "heldout_loss", "heldout_hits", "heldout_accuracy",
)  # fmt: skip
CORRECT = FRAME_BEFORE + CORE + FRAME_AFTER

DRAWS = frozenset({"model_dropout"})
"""Lines whose effect draws from the one generator that all of PyTorch shares."""

KEEPS_GRAPHS = frozenset({"add_loss_tensor"})
"""Lines by which the graph of every step stays in memory until the next epoch."""
