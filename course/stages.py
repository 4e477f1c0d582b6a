"""The stages of the course: the mark of each, as a chip shows it, and its name."""

MARKS = {
    "data-loading": ("1", "Data loading"),
    "preprocessing": ("2", "Preprocessing"),
    "model-input": ("3", "Model input"),
    "loss": ("4", "Loss"),
    "backpropagation": ("5", "Backpropagation"),
    "training-trace": ("T", "Training trace"),
    "prediction-trace": ("P", "Prediction trace"),
}
"""By the slug of the lesson."""
