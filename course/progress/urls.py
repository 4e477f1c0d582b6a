"""Addresses of one's progress."""

from django.urls import path

from course.progress import views

urlpatterns = [
    path("progress/", views.my_progress, name="my-progress"),
    path("account/export.json", views.my_data, name="account-export"),
]
