"""Addresses of the steps of runs."""

from django.urls import path

from course.inside.steps import views

urlpatterns = [path("runs/<slug:run_id>/steps/<slug:step>/", views.step, name="step")]
