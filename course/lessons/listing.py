"""The lessons as a list: in their order, with the minutes that each takes."""

from collections import defaultdict
from dataclasses import dataclass

from course.lessons.minutes import minutes
from course.lessons.models import Lesson
from course.quiz.content import Content
from course.quiz.versions import all_current


@dataclass(frozen=True, slots=True)
class Listed:
    """A lesson and its minutes."""

    lesson: Lesson
    minutes: int


def listed() -> list[Listed]:
    """Every lesson that has a page of its own. Two queries."""
    asked: dict[int, list[Content]] = defaultdict(list)
    for version in all_current():
        asked[version.question.lesson_id].append(Content.from_json(version.content))
    lessons = Lesson.objects.filter(archived=False, mark__gt="")
    return [Listed(each, minutes(each.text, asked[each.pk])) for each in lessons]
