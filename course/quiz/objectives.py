"""What a learner can do after a part of the course: the aims that its questions test.

Each has an id that never changes. It belongs to the stage that its id begins with.
"""

from django.core.exceptions import ValidationError

DATA_LOADING = {
    "1.1": "Count batches and updates.",
    "1.2": "Tell the shape of a batch and of its labels.",
    "1.3": "Say why rows are shuffled.",
    "1.4": "Check that labels are of a type and a range that the loss takes.",
    "1.5": "Read how the classes are shared out, and what guessing would score.",
    "1.6": "Tell what a seed fixes, and what it does not.",
}
PREPROCESSING = {
    "2.1": "Work out a min-max scaled value, and the way back.",
    "2.2": "Choose the dimension along which bounds are taken.",
    "2.3": "Keep fitting a scaler apart from using it.",
    "2.4": "Predict what unscaled input does to training.",
    "2.5": "Find what an outlier or a constant column has done.",
    "2.6": "Scale a new row as the training rows were.",
}
MODEL_INPUT = {
    "3.1": "Derive the shapes of weights and activations.",
    "3.2": "Count the parameters of a model.",
    "3.3": "Work out the output of one unit.",
    "3.4": "Say what logits are, and what they are not.",
    "3.5": "Say what the ReLU is for.",
    "3.6": "Spot parameters that the optimizer does not know.",
    "3.7": "Judge a way to start the weights.",
}
LOSS = {
    "4.1": "Work out a cross-entropy.",
    "4.2": "Expect the loss of an untrained model.",
    "4.3": "Give the criterion the inputs that it expects.",
    "4.4": "Average losses over rows and batches.",
    "4.5": "Say what a loss means.",
    "4.6": "Notice faults of shape that raise no error.",
}
BACKPROPAGATION = {
    "5.1": "Put the lines of a training step in order.",
    "5.2": "Say what each call changes.",
    "5.3": "Predict what gradients add up to.",
    "5.4": "Work out an update.",
    "5.5": "Find where the graph is cut.",
    "5.6": "Choose a learning rate.",
    "5.7": "Keep graphs from piling up in memory.",
}
TRAINING_TRACE = {
    "T1": "Read the curves of a run.",
    "T2": "Tell loss and accuracy apart.",
    "T3": "Say when a number was measured.",
    "T4": "Compare a score with that of guessing.",
    "T5": "Judge whether a model does as well on rows that it has not seen.",
    "T6": "Predict how a run goes on.",
    "T7": "Tell from its curves what went wrong.",
}
PREDICTION_TRACE = {
    "P1": "Follow a row through the layers.",
    "P2": "Work out a softmax.",
    "P3": "Choose the class from logits.",
    "P4": "Tell what changes a prediction, and what does not.",
    "P5": "Tell confidence from accuracy.",
    "P6": "Put a model into the state for predicting.",
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
OBJECTIVES: dict[str, str] = {
    name: said for stage in BY_STAGE.values() for name, said in stage.items()
}


def validate_objective(name: str) -> None:
    """Refuse an id that is not in the list."""
    if name not in OBJECTIVES:
        raise ValidationError(f"{name!r} is none of the objectives.")
