"""The one file that is published out of the plotly package."""

from django.contrib.staticfiles import finders
from django.test import Client

from course.static_finders import PUBLISHED_AS, PlotlyFinder, bundle


def test_the_bundle_is_found_under_its_published_name() -> None:
    assert finders.find(PUBLISHED_AS) == str(bundle())
    assert finders.find(PUBLISHED_AS, find_all=True) == [str(bundle())]


def test_nothing_else_of_the_package_is_found() -> None:
    for name in ("vendor/datasets/iris.csv.gz", "plotly.min.js", "vendor/../plotly.min.js"):
        assert PlotlyFinder().find(name) is None
        assert PlotlyFinder().find(name, find_all=True) == []


def test_collecting_takes_the_one_file() -> None:
    [(name, storage)] = PlotlyFinder().list([])
    assert f"{storage.prefix}/{name}" == PUBLISHED_AS
    with storage.open(name) as file:
        assert file.read(200).decode().lstrip("/*! \n").startswith("plotly.js v")


def test_the_browser_gets_it(client: Client) -> None:
    response = client.get(f"/static/{PUBLISHED_AS}")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/javascript")
    assert response.getvalue() == bundle().read_bytes()
