"""The address of the gradient ledger."""

from django.urls import path

from course.inside.weights import views

urlpatterns = [path("runs/<slug:run_id>/weights/", views.weights, name="weights")]
