"""Addresses of the lab."""

from django.urls import path

from course.lab.atlas import views as atlas
from course.lab.builder import views as builder

urlpatterns = [
    path("lab/", builder.lab, name="lab"),
    path("lab/run/", builder.run, name="lab-run"),
    path("lab/typed/", builder.typed, name="lab-typed"),
    path("lab/atlas/", atlas.atlas, name="lab-atlas"),
]
