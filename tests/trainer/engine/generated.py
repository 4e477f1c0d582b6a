"""Programs made at random from the whole vocabulary: a loop of honest and faulty parts, often bent.

Alternatives take each other's places and extras stand where they belong, so that many programs
finish; then lines are moved, dropped, doubled and put in anywhere, so that many do not.
"""

from random import Random

from trainer.engine.program import MAX_LEVEL, Placed, Program
from trainer.engine.vocabulary import VOCABULARY

IDS = tuple(VOCABULARY)
RARELY = 0.1
OFTEN = 0.6

LABELS = ("labels_float", "labels_shifted", "labels_column", "labels_one_hot")
LOGITS = ("detach_logits", "relu_logits", "softmax", "softmax_columns", "argmax", "squeeze")
LOSSES = ("loss_share", "loss_negative", "loss_item", "loss_wrapped")
COUNTS = ("count_batch", "count_rows")
ADDS = ("add_loss", "add_loss_rows", "add_loss_tensor")


class Draw:
    """Choices of one program, from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - programs, not secrets

    def program(self, *, bent: bool = True) -> Program:
        """A loop of parts, in two cases out of five bent, if it may be."""
        sums = self.chance(OFTEN)
        lines = [*self.setup(), *self.epoch(sums), *self.body(sums), *self.after(sums)]
        placed = [Placed(VOCABULARY[name], level) for name, level in lines]
        for _ in range(self.random.choice((0, 0, 0, 1, 2)) if bent else 0):
            self.bend(placed)
        return Program(tuple(placed))

    def chance(self, chance: float) -> bool:
        return self.random.random() < chance

    def some(self, *names: str, chance: float = RARELY) -> list[str]:
        """Each of the names, or not."""
        return [name for name in names if self.chance(chance)]

    def one(self, *names: str, chance: float = 1.0) -> list[str]:
        """One of the names, or none."""
        return [self.random.choice(names)] if self.chance(chance) else []

    def setup(self) -> list[tuple[str, int]]:
        """Everything that the loop uses, now and then another model behind the optimizer."""
        usual = ["criterion"] if self.chance(0.7) else ["criterion_sum"]
        model = self.one("model", "model_dropout", "model_linear")
        if self.chance(2 * RARELY):
            model, usual = ["model_one"], ["criterion_mse"]
        names = [
            "init_seed", "shuffle_seed", *self.one("scaler", "scaler_all", "scaler_none"),
            "bounds", *self.some("bounds_rows"), *model,
            *self.some("zero_weights", "dead_units"), *usual,
            "optimizer", "scheduler", *self.some("new_head"),
            *(["net", "model_net"] if self.chance(RARELY) else []),
            *self.one("loader", "loader_ordered", "loader_drop_last"),
        ]  # fmt: skip
        return [(name, 0) for name in names]

    def epoch(self, sums: bool) -> list[tuple[str, int]]:
        begin = ["total_start", "count_start"] if sums or self.chance(OFTEN) else []
        names = [*self.one("train_mode", "eval_mode"), *begin]
        return [("for_epoch", 0), *((name, 1) for name in names), ("for_batch", 1)]

    def body(self, sums: bool) -> list[tuple[str, int]]:
        parted = ["forward_hidden", *self.some("detach_hidden", chance=0.5), "forward_head"]
        names = [
            *self.one("scale", "scale", "scale_per_batch", "scale_by_hand"),
            *self.one(*LABELS, chance=RARELY), "zero_grad",
            *(parted if self.chance(OFTEN / 2) else ["forward"]),
            *self.one(*LOGITS, chance=RARELY), "loss", *self.one(*LOSSES, chance=RARELY),
            *self.one("backward_retain", chance=RARELY), *self.some("backward", chance=0.9),
            *self.some("clip"),
        ]  # fmt: skip
        counted = self.one(*COUNTS) if sums else []
        step = [("step", 2)]
        if counted and self.chance(2 * RARELY):
            step = [("if_fourth", 2), ("step", 3)]
        added = self.one(*ADDS) if sums else []
        behind = [*added, *self.one(*LABELS, *LOGITS, *LOSSES, chance=OFTEN)]
        return [*((name, 2) for name in (*counted, *names)), *step, *((n, 2) for n in behind)]

    def after(self, sums: bool) -> list[tuple[str, int]]:
        outside = [
            *self.some(*(["mean_loss"] if sums else []), "scheduler_step", chance=OFTEN),
            *self.one("eval_mode", "train_mode", chance=OFTEN),
        ]
        names = [
            *self.one("heldout_logits", "heldout_logits", "heldout_raw"), "heldout_loss",
            *(["heldout_hits", "heldout_accuracy"] if self.chance(0.9) else []),
        ]  # fmt: skip
        around = [("no_grad", 1)] if self.chance(OFTEN) else []
        inside = [(name, 1 + len(around)) for name in names]
        return [*((name, 1) for name in outside), *around, *inside]

    def bend(self, placed: list[Placed]) -> None:
        """Move, drop, double or shift a line, or put in another."""
        at, to = (self.random.randrange(len(placed)) for _ in range(2))
        line, level = placed[at].line, placed[to].level
        match self.random.randrange(5):
            case 0:
                placed.insert(to, Placed(placed.pop(at).line, level))
            case 1 if len(placed) > 1:
                placed.pop(at)
            case 2:
                placed.insert(to, Placed(line, level))
            case 3:
                placed[at] = Placed(line, self.random.randint(0, MAX_LEVEL))
            case _:
                placed.insert(to, Placed(VOCABULARY[self.random.choice(IDS)], level))
