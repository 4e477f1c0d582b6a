"""The address of the prediction trace."""

from django.urls import path

from course.inside.predict import views

urlpatterns = [path("runs/<slug:run_id>/predict/", views.predict, name="predict")]
