"""Addresses of recall."""

from django.urls import path

from course.recall import views

urlpatterns = [
    path("recall/", views.recall, name="recall"),
    path("recall/answers/", views.answer, name="recall-answers"),
    path("recall/answers/<int:pk>/", views.answered, name="recall-answer"),
]
