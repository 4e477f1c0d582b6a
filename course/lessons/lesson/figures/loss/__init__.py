"""What rows cost and what becomes of it: the price of a probability, means, equal odds, a score."""

from course.lessons.lesson.figure import Maker
from course.lessons.lesson.figures.loss.equal_odds import equal_odds
from course.lessons.lesson.figures.loss.one_score import one_score
from course.lessons.lesson.figures.loss.price import price
from course.lessons.lesson.figures.loss.row_shares import row_shares

FIGURES: dict[str, Maker] = {
    "price": price,
    "equal-odds": equal_odds,
    "row-shares": row_shares,
    "one-score": one_score,
}
