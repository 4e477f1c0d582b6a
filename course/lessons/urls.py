"""Addresses of the course's pages."""

from django.urls import path

from course.lessons import views
from course.lessons.lesson import views as lesson_views

urlpatterns = [
    path("pipeline/", views.pipeline, name="pipeline"),
    path("pipeline/answers/", views.answer, name="pipeline-answers"),
    path("pipeline/band/", views.band, name="pipeline-band"),
    path("lessons/", lesson_views.lessons, name="lessons"),
    path("lessons/<slug:slug>/", lesson_views.lesson, name="lesson"),
    path("lessons/<slug:slug>/answers/", lesson_views.answer, name="lesson-answers"),
]
