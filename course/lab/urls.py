"""Addresses of the lab."""

from django.urls import path

from course.lab.builder import views as builder

urlpatterns = [
    path("lab/", builder.lab, name="lab"),
    path("lab/run/", builder.run, name="lab-run"),
    path("lab/typed/", builder.typed, name="lab-typed"),
]
