"""Addresses of runs."""

from django.urls import path

from trainer import views

urlpatterns = [
    path("runs/", views.runs, name="runs"),
    path("runs/progress/<slug:key>/", views.progress, name="progress"),
    path("runs/<slug:run_id>/", views.run_page, name="run"),
    path("runs/<slug:run_id>/trace.json", views.trace_json, name="trace-json"),
    path("runs/<slug:run_id>/script.py", views.script_py, name="script-py"),
    path("runs/<slug:run_id>/exercise.py", views.exercise_py, name="exercise-py"),
]
