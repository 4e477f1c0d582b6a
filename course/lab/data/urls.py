"""Addresses of data sets of one's own."""

from django.urls import path

from course.lab.data import views

urlpatterns = [
    path("lab/data/", views.data_sets, name="data-sets"),
    path("lab/data/<slug:table_id>/", views.data_set, name="data-set"),
]
