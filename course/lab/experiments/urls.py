"""Addresses of experiments."""

from django.urls import path

from course.lab.experiments import views

urlpatterns = [
    path("lab/experiments/", views.experiments, name="experiments"),
    path("lab/experiments/<slug:name>/", views.experiment, name="experiment"),
]
