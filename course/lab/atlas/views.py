"""The page of the atlas."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from course.lab.atlas.charting import current_atlas
from course.lab.atlas.page import page


@require_safe
def atlas(request: HttpRequest) -> HttpResponse:
    """Every arrangement of the five lines, as a map or as a table; all of them or one kind."""
    found = current_atlas()
    if found is None:
        return render(request, "lab/atlas.html")
    as_table = request.GET.get("view") == "table"
    wanted = request.GET.get("outcome", "")
    return render(request, "lab/atlas.html", page(found, wanted, as_table=as_table))
