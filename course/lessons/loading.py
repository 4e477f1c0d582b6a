"""Brings the course's files into the database, and leaves alone what was edited there since.

An item carries the fingerprint of what was written last. If it no longer says that, somebody
edited it in the admin: it is kept, and the report says in what it differs from its file.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import asdict, dataclass, field, replace

from django.db import transaction

from course.lab.experiments import files as experiment_files
from course.lab.experiments import stored as stored_experiments
from course.lab.experiments.content import ExperimentFile
from course.lab.models import Experiment
from course.lessons import stored as stored_lessons
from course.lessons.files import LessonFile, LessonFolder
from course.lessons.models import Lesson
from course.quiz import files, stored
from course.quiz.files import QuestionFile
from course.quiz.models import Question
from course.quiz.stored import ARCHIVED

GONE = "its file is gone"

Item = Lesson | Question | Experiment


class UnknownItemError(ValueError):
    """Names of items that neither the files nor the database have."""


@dataclass(slots=True)
class Report:
    """What was done.

    kept: items that were edited in the admin, and in what they differ from their files.
    only_here: items that were made in the admin and are in no file.
    """

    done: Counter[str] = field(default_factory=Counter)
    kept: dict[str, list[str]] = field(default_factory=dict)
    only_here: list[str] = field(default_factory=list)


def load(course: list[LessonFolder], take: Collection[str] = ()) -> Report:
    """All of it, or nothing. Of the items in `take` the file counts, edited or not."""
    with transaction.atomic():
        loading = _Loading(take)
        if unknown := sorted({*take} - loading.names() - _names(course)):
            raise UnknownItemError(", ".join(unknown))
        for folder in course:
            loading.folder(folder)
        loading.archive()
    return loading.report


class _Loading:
    def __init__(self, take: Collection[str]) -> None:
        self.report = Report()
        self._take = take
        self._lessons = {lesson.slug: lesson for lesson in Lesson.objects.all()}
        self._questions = {question.slug: question for question in stored.stored()}
        self._experiments = {each.name: each for each in Experiment.objects.all()}

    def names(self) -> set[str]:
        """Every item that the database has."""
        questions, tried = map(_name, self._questions), map(_of_experiment, self._experiments)
        return {*map(_of_lesson, self._lessons), *questions, *tried}

    def folder(self, folder: LessonFolder) -> None:
        """Bring in a lesson and all of its items, and forget that the database has them."""
        in_place = self._in_place(folder)
        lesson = self._lesson(folder.lesson, self._lessons.pop(folder.lesson.slug, None))
        for asked in folder.questions:
            self._question(asked, lesson, self._questions.pop(asked.slug, None), in_place=in_place)
        for tried in folder.experiments:
            self._experiment(tried, self._experiments.pop(tried.name, None))

    def archive(self) -> None:
        """What has no file any more is no longer shown; answers keep it."""
        for question in self._questions.values():
            if self._goes(_name(question.slug), question, stored.fingerprint(question)):
                Question.objects.filter(pk=question.pk).update(archived=True, loaded=ARCHIVED)
        for experiment in self._experiments.values():
            present = stored_experiments.fingerprint(experiment)
            if self._goes(_of_experiment(experiment.name), experiment, present):
                Experiment.objects.filter(pk=experiment.pk).update(archived=True, loaded=ARCHIVED)
        for lesson in self._lessons.values():
            present = stored_lessons.fingerprint(lesson)
            if self._goes(_of_lesson(lesson.slug), lesson, present):
                Lesson.objects.filter(pk=lesson.pk).update(archived=True, loaded=ARCHIVED)

    def _lesson(self, wanted: LessonFile, found: Lesson | None) -> Lesson:
        mark = wanted.fingerprint()
        if found:
            here = asdict(stored_lessons.as_file(found))
            differs = [name for name, value in asdict(wanted).items() if here[name] != value]
            present = stored_lessons.fingerprint(found)
            if not self._due(_of_lesson(wanted.slug), found, {present}, mark, differs):
                return found
        else:
            self.report.done["added"] += 1
        values = asdict(wanted) | {"archived": False, "loaded": mark}
        lesson, _ = Lesson.objects.update_or_create(slug=values.pop("slug"), defaults=values)
        return lesson

    def _question(
        self, wanted: QuestionFile, lesson: Lesson, found: Question | None, *, in_place: bool
    ) -> None:
        mark = wanted.fingerprint(lesson.slug)
        if found:
            here = stored.as_file(found)
            differs = files.differences(here, wanted)
            differs += [] if found.lesson_id == lesson.pk else ["lesson"]
            present = {stored.fingerprint(found)}
            if in_place and not found.archived:
                present.add(replace(here, order=wanted.order).fingerprint(found.lesson.slug))
            if not self._due(_name(wanted.slug), found, present, mark, differs):
                return
        else:
            self.report.done["added"] += 1
        stored.write(wanted, lesson.pk, mark)

    def _experiment(self, wanted: ExperimentFile, found: Experiment | None) -> None:
        mark = wanted.fingerprint()
        if found:
            differs = experiment_files.differences(stored_experiments.as_file(found), wanted)
            present = {stored_experiments.fingerprint(found)}
            if not self._due(_of_experiment(wanted.name), found, present, mark, differs):
                return
        else:
            self.report.done["added"] += 1
        stored_experiments.write(wanted, mark)

    def _due(
        self, name: str, found: Item, present: set[str], mark: str, differs: list[str]
    ) -> bool:
        """Whether an item is to be written: its file changed, and it did not."""
        if present == {mark} == {found.loaded}:
            self.report.done["unchanged"] += 1
            return False
        if name in self._take or present & {mark, found.loaded}:
            self.report.done["updated"] += 1
            return True
        self.report.kept[name] = differs + ["archived"] * found.archived
        return False

    def _in_place(self, folder: LessonFolder) -> bool:
        """Whether the questions stand in the order of the file, whatever numbers say so.

        Then those of the file may replace them without moving a question that somebody moved.
        """
        there = [
            question
            for question in self._questions.values()
            if question.lesson.slug == folder.lesson.slug and not question.archived
        ]
        slugs = [each.slug for each in sorted(there, key=lambda each: (each.order, each.slug))]
        return slugs == [asked.slug for asked in folder.questions if asked.slug in slugs]

    def _goes(self, name: str, found: Item, present: str) -> bool:
        if found.archived:
            return False
        if not found.loaded:
            self.report.only_here.append(name)
            return False
        if present != found.loaded and name not in self._take:
            self.report.kept[name] = [GONE]
            return False
        self.report.done["archived"] += 1
        return True


def _names(course: list[LessonFolder]) -> set[str]:
    lessons = {_of_lesson(folder.lesson.slug) for folder in course}
    asked = {_name(asked.slug) for folder in course for asked in folder.questions}
    tried = {_of_experiment(each.name) for folder in course for each in folder.experiments}
    return lessons | asked | tried


def _of_lesson(slug: str) -> str:
    return f"lesson:{slug}"


def _name(slug: str) -> str:
    return f"question:{slug}"


def _of_experiment(name: str) -> str:
    return f"experiment:{name}"
