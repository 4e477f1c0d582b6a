"""Lines behind the batches of an epoch: means, the learning rate, evaluation."""

from trainer.engine.vocabulary.line import Line

LINES = (
    Line("mean_loss", "after", 1, "mean_loss = total / count", "training-trace", "",
         "The mean of what was added up, taken while the weights moved."),
    Line("scheduler_step", "after", 1, "scheduler.step()", "backpropagation", "",
         "Makes the learning rate smaller, once per epoch."),
    Line("eval_mode", "after", 1, "model.eval()", "training-trace", "",
         "Training behaviour off, before measuring."),
    Line("no_grad", "after", 1, "with torch.no_grad():", "training-trace", "",
         "Measuring needs no gradients."),
    Line("heldout_logits", "after", 2, "heldout_logits = model(scale(heldout.x))",
         "training-trace", "",
         "Rows that the loop never trains on, scaled with the training columns' bounds."),
    Line("heldout_raw", "after", 2, "heldout_logits = model(heldout.x)", "prediction-trace", "",
         "Those rows as they are, not scaled."),
    Line("heldout_loss", "after", 2, "heldout_loss = criterion(heldout_logits, heldout.y)",
         "training-trace", "", "Their loss."),
    Line("heldout_hits", "after", 2, "heldout_hits = heldout_logits.argmax(1) == heldout.y",
         "training-trace", "", "Whether the largest score of a row is at its class, row by row."),
    Line("heldout_accuracy", "after", 2, "heldout_accuracy = heldout_hits.float().mean()",
         "training-trace", "", "The share of them where it is."),
)  # fmt: skip
