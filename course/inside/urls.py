"""Addresses inside a run."""

from django.urls import include, path

urlpatterns = [path("", include("course.inside.steps.urls"))]
