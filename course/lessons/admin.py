"""Lessons in the admin site. Which lessons there are is the course's business: none is added."""

from django.contrib import admin
from django.http import HttpRequest

from course.lessons.models import Lesson
from course.quiz.prose import AS_IN_FILES


@admin.register(Lesson)
class LessonAdmin(admin.ModelAdmin[Lesson]):
    """Titles, summaries and insights."""

    list_display = ("title", "mark", "slug", "order", "archived")
    list_filter = ("archived",)
    formfield_overrides = AS_IN_FILES
    search_fields = ("title", "slug", "summary")

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
