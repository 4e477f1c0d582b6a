"""What becomes of gradients: moves of single weights, the way downhill, lengths over the run."""

from course.lessons.lesson.figure import Maker
from course.lessons.lesson.figures.backpropagation.downhill import downhill
from course.lessons.lesson.figures.backpropagation.norms import norms
from course.lessons.lesson.figures.backpropagation.step_sizes import step_sizes

FIGURES: dict[str, Maker] = {"step-sizes": step_sizes, "downhill": downhill, "norms": norms}
