"""The figures of the lessons by their names: a module or package per lesson."""

from course.lessons.lesson.figure import Maker
from course.lessons.lesson.figures import (
    backpropagation,
    data_loading,
    loss,
    model_input,
    prediction_trace,
    preprocessing,
    training_trace,
)

FIGURES: dict[str, Maker] = {
    **data_loading.FIGURES,
    **preprocessing.FIGURES,
    **model_input.FIGURES,
    **loss.FIGURES,
    **backpropagation.FIGURES,
    **training_trace.FIGURES,
    **prediction_trace.FIGURES,
}
