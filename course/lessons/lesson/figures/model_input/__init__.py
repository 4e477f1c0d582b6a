"""The forward pass opened: one unit, all units of a batch, the first weights, all parameters."""

from course.lessons.lesson.figure import Maker
from course.lessons.lesson.figures.model_input.neuron import neuron
from course.lessons.lesson.figures.model_input.parameters import parameters
from course.lessons.lesson.figures.model_input.units import active_units
from course.lessons.lesson.figures.model_input.weights import first_weights

FIGURES: dict[str, Maker] = {
    "neuron": neuron,
    "active-units": active_units,
    "first-weights": first_weights,
    "parameters": parameters,
}
