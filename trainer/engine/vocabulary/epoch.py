"""Lines of an epoch, around its batches."""

from trainer.engine.vocabulary.line import Line

LINES = (
    Line("for_epoch", "epoch", 0, "for epoch in range(epochs):", "training-trace", "",
         "Once through all training rows is one epoch."),
    Line("train_mode", "epoch", 1, "model.train()", "training-trace", "",
         "Training behaviour on. Layers such as Dropout mind; a model without them does not."),
    Line("total_start", "epoch", 1, "total = 0.0", "training-trace", "",
         "A running sum, empty at the start of the epoch."),
    Line("count_start", "epoch", 1, "count = 0", "training-trace", "",
         "And how much has gone into it."),
    Line("for_batch", "epoch", 1, "for x, y in loader:", "data-loading", "load",
         "The next batch: rows and their labels."),
)  # fmt: skip
