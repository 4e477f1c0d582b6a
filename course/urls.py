"""All addresses of the site: the only module that may know the views of every room."""

from django.contrib import admin
from django.urls import path

urlpatterns = [
    path("admin/", admin.site.urls),
]
