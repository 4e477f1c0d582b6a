"""The figures of the lessons by their names: a module per lesson."""

from course.lessons.lesson.figure import Maker
from course.lessons.lesson.figures import (
    data_loading,
    model_input,
    prediction_trace,
    preprocessing,
    training_trace,
)

FIGURES: dict[str, Maker] = {
    **data_loading.FIGURES,
    **preprocessing.FIGURES,
    **model_input.FIGURES,
    **training_trace.FIGURES,
    **prediction_trace.FIGURES,
}
