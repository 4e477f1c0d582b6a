"""What a run's epochs say: three measures, batches, a baseline, and two runs beside it."""

from course.lessons.lesson.figure import Maker
from course.lessons.lesson.figures.training_trace.baseline import baseline
from course.lessons.lesson.figures.training_trace.batches import batches_of_epoch
from course.lessons.lesson.figures.training_trace.beside import published_beside
from course.lessons.lesson.figures.training_trace.few_rows import few_rows
from course.lessons.lesson.figures.training_trace.measures import three_measures

FIGURES: dict[str, Maker] = {
    "three-measures": three_measures,
    "batches-of-epoch": batches_of_epoch,
    "above-baseline": baseline,
    "published-beside": published_beside,
    "few-rows": few_rows,
}
