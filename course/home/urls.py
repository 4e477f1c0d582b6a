"""The address of the front page."""

from django.urls import path

from course.home import views

urlpatterns = [path("", views.home, name="home")]
