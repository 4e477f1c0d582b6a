"""Addresses of the course's pages."""

from django.urls import path
from django.views.generic import RedirectView

from course.lessons import views

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="pipeline"), name="home"),
    path("pipeline/", views.pipeline, name="pipeline"),
    path("pipeline/answers/", views.answer, name="pipeline-answers"),
    path("pipeline/band/", views.band, name="pipeline-band"),
]
