"""Addresses of one's progress."""

from django.urls import path

from course.progress import views

urlpatterns = [
    path("progress/", views.my_progress, name="my-progress"),
    path("progress/certainty/", views.my_certainty, name="my-certainty"),
    path("progress/objectives/", views.my_objectives, name="my-objectives"),
    path("progress/beliefs/", views.my_beliefs, name="my-beliefs"),
    path("account/export.json", views.my_data, name="account-export"),
]
