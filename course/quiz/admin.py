"""Questions and answers in the admin site.

Questions are edited with a preview and a history; each saved state is published as a version.
Answers are looked at: nobody edits or adds one, and one goes only when its learner does.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Field, Model, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_list_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from course.quiz import versions
from course.quiz.checks import problems
from course.quiz.misconceptions import BELIEFS
from course.quiz.models import Answer, Choice, Question, QuestionVersion
from course.quiz.objectives import OBJECTIVES
from course.quiz.preview import preview
from course.quiz.prose import AS_IN_FILES
from course.quiz.stored import fingerprint, since_load, stored
from trainer.course_runs import course_run

SHOWN = 60
"""Characters of an answer in a list."""

OBJECTIVE_CHOICES = [
    ("", "none"),
    *((name, f"{name} {said}") for name, said in OBJECTIVES.items()),
]
BELIEF_CHOICES = [("", "none"), *((name, f"{name}: {said}") for name, said in BELIEFS.items())]


class ReadOnly(admin.options.BaseModelAdmin[Any]):
    """Rows that are looked at."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """Refuse."""
        return False


class ChoiceFormSet(BaseInlineFormSet[Choice, Question, forms.ModelForm[Choice]]):
    """Checks the question as a whole: its own fields with all of its options."""

    def clean(self) -> None:
        """Refuse what could not be published."""
        super().clean()
        kept = [form for form in self.forms if form.has_changed() or form.instance.pk]
        choices = [form.instance for form in kept if not form.cleaned_data.get("DELETE")]
        if found := problems(versions.contents(self.instance, choices), self.instance.place):
            raise ValidationError([problem.reason for problem in found])


class ChoiceInline(admin.StackedInline[Choice, Question]):
    """Options, or wrong answers to expect."""

    model = Choice
    formset = ChoiceFormSet
    formfield_overrides = AS_IN_FILES
    extra = 0

    def formfield_for_dbfield(
        self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """Offer the catalogue of misconceptions."""
        if db_field.name == "misconception":
            kwargs["widget"] = forms.Select(choices=BELIEF_CHOICES)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class VersionInline(ReadOnly, admin.TabularInline[QuestionVersion, Question]):
    """What was published, latest first."""

    model = QuestionVersion
    verbose_name_plural = "history"
    fields = readonly_fields = ("number", "created", "content")
    extra = 0


@admin.register(Question)
class QuestionAdmin(admin.ModelAdmin[Question]):
    """Questions with their options."""

    list_display = (
        "slug", "lesson", "place", "stage", "kind", "points", "order", "archived", "since_load",
    )  # fmt: skip
    list_filter = ("lesson", "place", "kind", "stage", "objective", "archived")
    search_fields = ("slug", "prompt", "explanation")
    ordering = ("lesson__order", "order")
    readonly_fields = ("preview",)
    formfield_overrides = AS_IN_FILES
    inlines = (ChoiceInline, VersionInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:  # noqa: ARG002
        """With all that a file would say, so that a list can tell what was edited."""
        return stored()

    def formfield_for_dbfield(
        self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """Offer the list of objectives."""
        if db_field.name == "objective":
            kwargs["widget"] = forms.Select(choices=OBJECTIVE_CHOICES)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description="since the last load")
    def since_load(self, question: Question) -> str:
        """Tell an edit that loadcourse would keep."""
        return since_load(question.loaded, fingerprint(question))

    @admin.display(description="preview")
    def preview(self, question: Question) -> SafeString | str:
        """Link to the card as learners see it."""
        if not question.slug:
            return "After the first save."
        address = reverse("admin:quiz_question_preview", args=[question.pk])
        return format_html('<a href="{}">as learners see it</a>', address)

    def get_urls(self) -> list[URLPattern]:
        """Add the preview."""
        own = path(
            "<int:pk>/preview/",
            self.admin_site.admin_view(self.preview_view),
            name="quiz_question_preview",
        )
        return [own, *super().get_urls()]

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The published card beside the course's calm run, with every reply it can give."""
        if not self.has_view_permission(request):
            return HttpResponse(status=403)
        latest = get_list_or_404(QuestionVersion.objects.select_related("question"), question=pk)[0]
        context = {"question": latest.question, "preview": preview(latest, course_run("calm"))}
        return render(request, "course/preview.html", context)

    def save_related(
        self,
        request: HttpRequest,
        form: Any,  # noqa: ANN401
        formsets: Any,  # noqa: ANN401
        change: bool,
    ) -> None:
        """Publish what was saved, options included."""
        super().save_related(request, form, formsets, change)
        form.instance.refresh_from_db()  # the list's query has brought the options of before
        versions.publish(form.instance)


@admin.register(Answer)
class AnswerAdmin(ReadOnly, admin.ModelAdmin[Answer]):
    """What learners answered, latest first."""

    list_display = (
        "question", "learner", "mode", "variant", "attempt", "sent", "correct", "worth",
        "confidence", "hints", "misconception", "created",
    )  # fmt: skip
    list_filter = (
        "correct", "question__lesson", "question", "mode", "confidence", "attempt",
        "created",
    )  # fmt: skip
    list_select_related = ("question", "learner")
    search_fields = ("learner__username", "learner__handle", "question__slug")
    ordering = ("-pk",)
    show_full_result_count = False

    @admin.display(description="raw")
    def sent(self, answer: Answer) -> str:
        """Return the beginning of what was sent: a program has many lines."""
        return Truncator(answer.raw).chars(SHOWN)

    @admin.display(ordering="score", description="score")
    def worth(self, answer: Answer) -> str:
        """Return the points. A guest's are nobody's: the same person can come as another guest."""
        points = f"{answer.score or 0:g} of {answer.max_score:g}"
        if answer.score is None:
            points = "not graded" if answer.ungraded else "locked"
        return f"{points}, unverified" if answer.learner.is_guest else points

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """Let answers go with a person who is deleted, and in no other way."""
        match = request.resolver_match
        return bool(match and match.url_name and match.url_name.startswith("accounts_user_"))

    def get_readonly_fields(self, request: HttpRequest, obj: Answer | None = None) -> list[str]:  # noqa: ARG002
        """Every field there is."""
        return ["worth", *(field.name for field in self.opts.fields)]
