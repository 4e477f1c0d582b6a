"""Every line that a program may hold, with the stage of the course that it belongs to.

Standard library only. To add a line, add it to `_LINES`; what it names must exist in
`trainer.engine.pieces` or in `torch`.
"""

from dataclasses import dataclass

from trainer.engine.spec import RunSpec

_OPTIMIZERS = {
    "sgd": "SGD(model.parameters(), lr=lr)",
    "momentum": "SGD(model.parameters(), lr=lr, momentum=0.9)",
    "adam": "Adam(model.parameters(), lr=lr)",
    "adamw": "AdamW(model.parameters(), lr=lr)",
    "rmsprop": "RMSprop(model.parameters(), lr=lr)",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the vocabulary.

    section: setup, epoch, batch or after; level: usual indentation; stage: slug of the
    lesson that it belongs to; label: the name of its step in the batch, or empty;
    note: what it does, in a sentence.
    """

    id: str
    section: str
    level: int
    template: str
    stage: str
    label: str
    note: str

    def source(self, spec: RunSpec) -> str:
        """Python text without indentation; several text lines where it is long."""
        return self.template.replace("{optimizer}", _OPTIMIZERS[spec.optimizer])


_MODEL = """model = nn.Sequential(
    Linear(features, hidden, generator=init),
    nn.ReLU(),
    Linear(hidden, classes, generator=init),
)"""

_LOADER = """loader = DataLoader(
    train, batch_size=batch_size, shuffle=True,
    generator=shuffle, collate_fn=tuple,
)"""

_LINES = (
    Line("init_seed", "setup", 0, "init = torch.Generator().manual_seed(seed)",
         "model-input", "", "A source of random numbers for the starting weights."),
    Line("shuffle_seed", "setup", 0, "shuffle = torch.Generator().manual_seed(seed)",
         "data-loading", "", "Another one for the order of the rows."),
    Line("scaler", "setup", 0, "scale = MinMaxScaler().fit(train.x)", "preprocessing", "",
         "Learns the smallest and largest value of each column, from the training rows alone."),
    Line("model", "setup", 0, _MODEL, "model-input", "",
         "Two layers with a ReLU between them. Linear is nn.Linear, "
         "drawing its weights from `init`."),
    Line("criterion", "setup", 0, "criterion = nn.CrossEntropyLoss()", "loss", "",
         "Turns logits and labels into one number."),
    Line("optimizer", "setup", 0, "optimizer = torch.optim.{optimizer}", "backpropagation", "",
         "Holds the parameters that it will change, and the rule by which it does."),
    Line("loader", "setup", 0, _LOADER, "data-loading", "",
         "Deals the training rows in batches, in a new order each epoch. The data set hands over a "
         "whole batch at once, so collate_fn has nothing to stack."),
    Line("for_epoch", "epoch", 0, "for epoch in range(epochs):", "training-trace", "",
         "Once through all training rows is one epoch."),
    Line("train_mode", "epoch", 1, "model.train()", "training-trace", "",
         "Training behaviour on. This model has no layer that minds; others have."),
    Line("for_batch", "epoch", 1, "for x, y in loader:", "data-loading", "load",
         "The next batch: rows and their labels."),
    Line("scale", "batch", 2, "x = scale(x)", "preprocessing", "scale",
         "Each column of the batch, stretched to about 0 to 1."),
    Line("zero_grad", "batch", 2, "optimizer.zero_grad()", "backpropagation", "clear",
         "Drops the gradients of the batch before."),
    Line("forward", "batch", 2, "logits = model(x)", "model-input", "forward",
         "The batch through the model: one score per class and row."),
    Line("loss", "batch", 2, "loss = criterion(logits, y)", "loss", "loss",
         "How far the scores are from the labels, as one number."),
    Line("backward", "batch", 2, "loss.backward()", "backpropagation", "backward",
         "Fills the gradient of every parameter. No parameter moves."),
    Line("step", "batch", 2, "optimizer.step()", "backpropagation", "update",
         "Moves the parameters by what the optimizer makes of the gradients."),
    Line("eval_mode", "after", 1, "model.eval()", "training-trace", "",
         "Training behaviour off, before measuring."),
    Line("no_grad", "after", 1, "with torch.no_grad():", "training-trace", "",
         "Measuring needs no gradients."),
    Line("heldout_logits", "after", 2, "heldout_logits = model(scale(heldout.x))",
         "training-trace", "",
         "Rows that the loop never trains on, scaled with the training columns' bounds."),
    Line("heldout_loss", "after", 2, "heldout_loss = criterion(heldout_logits, heldout.y)",
         "training-trace", "", "Their loss."),
    Line("heldout_hits", "after", 2, "heldout_hits = heldout_logits.argmax(1) == heldout.y",
         "training-trace", "", "Whether the largest score of a row is at its class, row by row."),
    Line("heldout_accuracy", "after", 2, "heldout_accuracy = heldout_hits.float().mean()",
         "training-trace", "", "The share of them where it is."),
)  # fmt: skip

VOCABULARY: dict[str, Line] = {line.id: line for line in _LINES}

CORE = ("zero_grad", "forward", "loss", "backward", "step")
FRAME_BEFORE = tuple(VOCABULARY)[: tuple(VOCABULARY).index("zero_grad")]
FRAME_AFTER = tuple(VOCABULARY)[tuple(VOCABULARY).index("eval_mode") :]
CORRECT = FRAME_BEFORE + CORE + FRAME_AFTER
