"""Questions, their published versions, and the answers given to them.

A page renders a `QuestionVersion`, which does not change, and an `Answer` points at the version
that it was given to. Answers are only ever added.
"""

from course.quiz.models.answers import Answer, Confidence, Mode
from course.quiz.models.append_only import AppendOnlyError
from course.quiz.models.hints import HintTaken
from course.quiz.models.questions import Choice, Kind, Place, Question, Stage
from course.quiz.models.versions import QuestionVersion

__all__ = [
    "Answer",
    "AppendOnlyError",
    "Choice",
    "Confidence",
    "HintTaken",
    "Kind",
    "Mode",
    "Place",
    "Question",
    "QuestionVersion",
    "Stage",
]
