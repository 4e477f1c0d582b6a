"""What a trained model predicts: which class for which, what softmax sees, and how sure it is."""

from course.lessons.lesson.figure import Maker
from course.lessons.lesson.figures.prediction_trace.confidence import confidence
from course.lessons.lesson.figures.prediction_trace.confusion import confusion
from course.lessons.lesson.figures.prediction_trace.shift import shift

FIGURES: dict[str, Maker] = {
    "confusion": confusion,
    "shift-logits": shift,
    "confidence": confidence,
}
