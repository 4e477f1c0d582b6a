"""Lessons in the admin site. Which lessons there are is the course's business: none is added."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from course.lessons import stored
from course.lessons.lesson.checks import check
from course.lessons.models import Lesson
from course.quiz.models import Question
from course.quiz.prose import AS_IN_FILES
from course.quiz.slips import role_slips
from course.quiz.stored import since_load


class LessonForm(forms.ModelForm[Lesson]):
    """Refuses texts that loadcourse would refuse in a file."""

    def clean_text(self) -> str:
        """Check the text, and that the questions in it are asked."""
        text = self.cleaned_data["text"]
        asked = Question.objects.filter(lesson=self.instance.pk, archived=False)
        return _checked(text, check(text, set(asked.values_list("slug", flat=True))))

    def clean_key_insight(self) -> str:
        """Check the roles."""
        text = self.cleaned_data["key_insight"]
        return _checked(text, role_slips(text))


@admin.register(Lesson)
class LessonAdmin(admin.ModelAdmin[Lesson]):
    """Titles, texts, summaries and insights."""

    form = LessonForm
    list_display = ("title", "mark", "slug", "order", "archived", "since_load")
    list_filter = ("archived",)
    formfield_overrides = AS_IN_FILES
    search_fields = ("title", "slug", "summary", "text")

    @admin.display(description="since the last load")
    def since_load(self, lesson: Lesson) -> str:
        """Tell an edit that loadcourse would keep."""
        return since_load(lesson.loaded, stored.fingerprint(lesson))

    def get_readonly_fields(
        self,
        request: HttpRequest,  # noqa: ARG002
        obj: Lesson | None = None,
    ) -> tuple[str, ...]:
        """Keep addresses: pages and questions point at them."""
        return ("slug",) if obj else ()

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Refuse: a lesson needs a page."""
        return False


def _checked(text: str, slips: list[tuple[int, str]]) -> str:
    if slips:
        raise ValidationError([f"Line {line}: {reason}" for line, reason in slips])
    return text
