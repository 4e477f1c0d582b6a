"""How columns are scaled: all of them, one of them, and one with a mistake in it."""

from course.lessons.lesson.figure import Maker
from course.lessons.lesson.figures.preprocessing.histogram import column_histogram
from course.lessons.lesson.figures.preprocessing.outlier import outlier
from course.lessons.lesson.figures.preprocessing.ranges import column_ranges

FIGURES: dict[str, Maker] = {
    "column-ranges": column_ranges,
    "column-histogram": column_histogram,
    "outlier": outlier,
}
