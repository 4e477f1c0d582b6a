"""Lines of a batch, in the order of a step: scale, labels, forward, loss, backward, update."""

from trainer.engine.vocabulary.line import Line

PREPARING = (
    Line("scale", "batch", 2, "x = scale(x)", "preprocessing", "scale",
         "Each column of the batch, stretched to about 0 to 1."),
    Line("scale_per_batch", "batch", 2, "x = MinMaxScaler().fit(x)(x)", "preprocessing", "scale",
         "Scales a batch by its own bounds, so the same row means other numbers in each batch."),
    Line("scale_by_hand", "batch", 2, "x = (x - low) / (high - low)", "preprocessing", "scale",
         "The scaling spelled out. A column that never changes is divided by zero."),
    Line("labels_float", "batch", 2, "y = y.float()", "loss", "",
         "Labels as numbers with a point. Cross-entropy wants whole ones."),
    Line("labels_shifted", "batch", 2, "y = y + 1", "loss", "",
         "Counts the classes from one. Cross-entropy counts from zero."),
    Line("labels_column", "batch", 2, "y = y.unsqueeze(1)", "loss", "",
         "Labels as a column, a shape that cross-entropy does not take."),
    Line("labels_one_hot", "batch", 2, "y = nn.functional.one_hot(y, classes).float()",
         "loss", "", "A row of zeros with a one at the class: another way to say a label."),
)  # fmt: skip

FORWARD = (
    Line("zero_grad", "batch", 2, "optimizer.zero_grad()", "backpropagation", "clear",
         "Drops the gradients of the batch before."),
    Line("forward", "batch", 2, "logits = model(x)", "model-input", "forward",
         "The batch through the model: one score per class and row."),
    Line("forward_hidden", "batch", 2, "h = model[:-1](x)", "model-input", "forward",
         "The batch through all layers but the last: the hidden values."),
    Line("detach_hidden", "batch", 2, "h = h.detach()", "backpropagation", "",
         "The same numbers, cut off from how they came about. No gradient passes here."),
    Line("forward_head", "batch", 2, "logits = model[-1](h)", "model-input", "forward",
         "The hidden values through the last layer."),
    Line("detach_logits", "batch", 2, "logits = logits.detach()", "backpropagation", "",
         "Cuts the scores off from all that they were computed from."),
    Line("relu_logits", "batch", 2, "logits = logits.relu()", "model-input", "",
         "Clips every negative score to zero."),
    Line("softmax", "batch", 2, "logits = logits.softmax(dim=1)", "loss", "",
         "Turns scores into probabilities. Cross-entropy does that by itself."),
    Line("softmax_columns", "batch", 2, "logits = logits.softmax(dim=0)", "loss", "",
         "Softmax over the rows of the batch in place of the classes of a row."),
    Line("argmax", "batch", 2, "logits = logits.argmax(dim=1)", "loss", "",
         "The winning class alone. It has no slope, so nothing can be learnt through it."),
    Line("squeeze", "batch", 2, "logits = logits.squeeze(1)", "loss", "",
         "A column of single numbers as a plain row of numbers."),
)  # fmt: skip

LOSS = (
    Line("loss", "batch", 2, "loss = criterion(logits, y)", "loss", "loss",
         "How far the scores are from the labels, as one number."),
    Line("loss_share", "batch", 2, "loss = loss / 4", "loss", "",
         "A quarter of the loss, where the gradients of four batches are added up."),
    Line("loss_negative", "batch", 2, "loss = -loss", "loss", "",
         "Turns the loss around: the optimizer will make it larger."),
    Line("loss_item", "batch", 2, "loss = loss.item()", "backpropagation", "",
         "A plain number, which knows nothing of how it came about."),
    Line("loss_wrapped", "batch", 2, "loss = torch.tensor(loss.item(), requires_grad=True)",
         "backpropagation", "", "The same number in a new tensor, with no way back to the model."),
)  # fmt: skip

BACKWARD = (
    Line("backward", "batch", 2, "loss.backward()", "backpropagation", "backward",
         "Fills the gradient of every parameter. No parameter moves."),
    Line("backward_retain", "batch", 2, "loss.backward(retain_graph=True)",
         "backpropagation", "backward", "The same, and keeps the way back to be gone once more."),
    Line("clip", "batch", 2, "nn.utils.clip_grad_norm_(model.parameters(), max_norm=0.1)",
         "backpropagation", "", "Shortens all gradients together if they are longer than that."),
    Line("if_fourth", "batch", 2, "if count % 4 == 0:", "backpropagation", "",
         "Only after every fourth batch."),
    Line("step", "batch", 2, "optimizer.step()", "backpropagation", "update",
         "Moves the parameters by what the optimizer makes of the gradients."),
)  # fmt: skip

SUMS = (
    Line("add_loss", "batch", 2, "total = total + loss.item()", "training-trace", "",
         "Adds the batch's loss, as a plain number, to the running sum."),
    Line("add_loss_rows", "batch", 2, "total = total + loss.item() * len(y)",
         "training-trace", "", "Adds the loss as often as the batch has rows."),
    Line("add_loss_tensor", "batch", 2, "total = total + loss", "training-trace", "",
         "Adds the loss with all that it was computed from, which then stays in memory."),
    Line("count_batch", "batch", 2, "count = count + 1", "training-trace", "",
         "One more batch."),
    Line("count_rows", "batch", 2, "count = count + len(y)", "training-trace", "",
         "So many more rows."),
)  # fmt: skip

LINES = (*PREPARING, *FORWARD, *LOSS, *BACKWARD, *SUMS)
