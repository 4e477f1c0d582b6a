"""The beliefs that a wrong answer can show, each with an id that never changes.

Statistics and feedback speak of these ids. Ids and beliefs only: what is true instead is said by
the question, with the numbers of the learner's run.
"""

from django.core.exceptions import ValidationError

DATA_LOADING = {
    "epoch-is-one-update": "An epoch makes one update.",
    "last-batch-lost": "A last batch that is not full is dropped.",
    "no-shuffle-sorted": "The order of the rows does not matter.",
    "shuffle-breaks-pairs": "Shuffling parts rows from their labels.",
    "shuffle-once": "Every epoch deals the rows in the same order.",
    "bigger-batch-same-learning": "The batch size changes the speed and nothing else.",
    "wrong-label-type": "Labels may be of any number type.",
    "labels-from-one": "Three classes may be numbered 1, 2, 3.",
    "label-leak": "A high score proves a good model.",
    "seed-fixes-all": "The same seed gives the same weights, whatever else the program draws.",
}
PREPROCESSING = {
    "scaling-cosmetic": "Raw values would do as well.",
    "fit-scaler-on-all": "Held-out rows may help to fit the scaler.",
    "refit-scaler-per-batch": "Each batch can be scaled by its own bounds.",
    "scaled-always-0-1": "Scaled values always lie between 0 and 1.",
    "wrong-axis-scaling": "The bounds are taken per row.",
    "minmax-is-standardise": "Min-max scaling gives mean 0 and standard deviation 1.",
    "constant-column-ok": "A constant column does no harm.",
    "predict-on-raw": "The model scales its input itself.",
}
MODEL_INPUT = {
    "batch-in-weights": "The batch size is part of the weights' shape.",
    "forget-biases": "A layer has weights and nothing else.",
    "model-outputs-probabilities": "The model's outputs are probabilities.",
    "depth-without-relu": "Two linear layers are stronger than one.",
    "relu-on-logits": "Every layer needs a ReLU behind it, the last one too.",
    "zero-init-neutral": "Starting all weights at zero is fair.",
    "zeros-mean-dead": "A unit that shows a zero is dead.",
    "dead-relu-recovers": "Training revives a dead unit.",
    "list-registers-layers": "Layers in a Python list are part of the model.",
    "late-params-trained": "The optimizer finds parameters that come later.",
    "hidden-are-classes": "Hidden units stand for classes.",
}
LOSS = {
    "softmax-before-ce": "Cross-entropy wants probabilities.",
    "argmax-before-loss": "The loss compares predicted classes with labels.",
    "one-hot-required": "Labels must be one-hot.",
    "initial-loss-guess": "The loss starts at 0, at 1, or at 100 %.",
    "loss-is-error-rate": "The loss is a share of errors.",
    "mean-of-batch-means": "The epoch's loss is the plain mean of its batch losses.",
    "sum-equals-mean": "Summing or averaging row losses trains alike.",
    "mse-shape-broadcast": "Shapes (N, 1) and (N,) compare row by row.",
    "softmax-wrong-dim": "Softmax over rows or over classes is the same.",
}
BACKPROPAGATION = {
    "forget-zero-grad": "Gradients are cleared by themselves.",
    "zero-between": "zero_grad() may stand anywhere in the loop.",
    "step-before-backward": "A step before backward() is always an error.",
    "backward-twice": "A second backward() does no harm.",
    "backward-updates": "backward() changes the weights.",
    "gradient-is-update": "The update is the gradient.",
    "gradient-downhill": "Adding the gradient lowers the loss.",
    "zero-grad-resets-weights": "zero_grad() erases the weights.",
    "detach-harmless": "detach() is bookkeeping.",
    "item-then-backward": "A plain number can be sent backward.",
    "keep-loss-tensors": "Adding up loss tensors costs nothing.",
    "lr-higher-faster": "A higher learning rate is faster.",
    "lr-lower-safer": "A small learning rate always gets there.",
}
TRAINING_TRACE = {
    "loss-falls-always": "Every batch has a lower loss than the one before.",
    "loss-accuracy-together": "Loss and accuracy move as one.",
    "running-is-end": "The epoch's mean is the state at its end.",
    "last-batch-is-epoch": "The last batch sums up the epoch.",
    "chance-is-third": "Anything above one third has learned.",
    "test-always-lower": "Held-out accuracy is always the lower one.",
    "more-epochs-better": "More epochs are better.",
    "epoch-restarts": "Each epoch begins anew.",
    "memorised-is-learned": "All training rows right means that a rule was found.",
}
PREDICTION_TRACE = {
    "softmax-changes-winner": "The winning class is known only after softmax.",
    "logit-is-probability": "The size of a logit means something by itself.",
    "softmax-twice-ok": "Softmax twice is softmax once.",
    "confidence-is-accuracy": "60 % sure is 60 % right.",
    "forget-eval": "The model's mode does not matter.",
    "no-grad-is-eval": "no_grad() and eval() do the same.",
    "predicting-trains": "A forward pass teaches the model.",
}

BY_STAGE: dict[str, dict[str, str]] = {
    "data-loading": DATA_LOADING,
    "preprocessing": PREPROCESSING,
    "model-input": MODEL_INPUT,
    "loss": LOSS,
    "backpropagation": BACKPROPAGATION,
    "training-trace": TRAINING_TRACE,
    "prediction-trace": PREDICTION_TRACE,
}
BELIEFS: dict[str, str] = {
    name: said for stage in BY_STAGE.values() for name, said in stage.items()
}


def validate_misconception(name: str) -> None:
    """Refuse an id that is not in the catalogue."""
    if name not in BELIEFS:
        raise ValidationError(f"{name!r} is not in the catalogue of misconceptions.")
