"""All addresses of the site: the only module that may know the views of every room."""

from django.contrib import admin
from django.urls import include, path

from course import views

admin.site.site_header = "Loopwise, for instructors"
admin.site.site_title = "Loopwise"
admin.site.index_title = "Course and learners"

handler500 = views.failed

urlpatterns = [
    path("healthz", views.ready, name="ready"),
    path("healthz/live", views.alive, name="alive"),
    path("", include("course.home.urls")),
    path("", include("course.lessons.urls")),
    path("", include("course.inside.predict.urls")),
    path("", include("course.inside.weights.urls")),
    path("", include("course.lab.urls")),
    path("", include("course.lab.data.urls")),
    path("", include("course.recall.urls")),
    path("", include("course.progress.urls")),
    # Before the admin's own: its door is this room's business.
    path("", include("course.accounts.urls")),
    # Before those of runs: what it compares would be taken for the id of one.
    path("", include("course.lab.urls")),
    path("", include("trainer.urls")),
    path("", include("course.inside.urls")),
    path("admin/", admin.site.urls),
]
