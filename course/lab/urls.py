"""Addresses of the lab. Before those of runs: `compare` would be taken for the id of one."""

from django.urls import include, path

from course.lab.atlas import views as atlas
from course.lab.autopsy import views as autopsy
from course.lab.builder import views as builder
from course.lab.compare import views as compare
from course.lab.sweeps import views as sweeps

urlpatterns = [
    path("runs/compare/", compare.compare, name="compare"),
    path("runs/<slug:run_id>/autopsy/", autopsy.autopsy, name="autopsy"),
    path("lab/", builder.lab, name="lab"),
    path("lab/run/", builder.run, name="lab-run"),
    path("lab/typed/", builder.typed, name="lab-typed"),
    path("lab/atlas/", atlas.atlas, name="lab-atlas"),
    path("lab/sweeps/", sweeps.sweeps, name="sweeps"),
    path("lab/sweeps/<slug:sweep_id>/", sweeps.sweep, name="sweep"),
    path("lab/sweeps/<slug:sweep_id>/next/", sweeps.following, name="sweep-next"),
    path("lab/sweeps/<slug:sweep_id>/cancel/", sweeps.cancel, name="sweep-cancel"),
    path("", include("course.lab.experiments.urls")),
]
