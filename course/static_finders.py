"""Finds Plotly's browser bundle inside the installed Python package.

One file is published, not the package's whole data directory. Its version is then always that
of the `plotly` pin, and no copy of it lies in this repository.
"""

import builtins
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, overload

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

FILE = "plotly.min.js"
PREFIX = "vendor"
PUBLISHED_AS = f"{PREFIX}/{FILE}"


def bundle() -> Path:
    """Where the bundle lies. `find_spec` looks without importing the package."""
    spec = find_spec("plotly")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("The plotly package is not installed.")
    return Path(spec.origin).parent / "package_data" / FILE


class PlotlyStorage(FileSystemStorage):
    """The directory of the bundle; `collectstatic` puts `prefix` before what is listed in it."""

    prefix = PREFIX


class PlotlyFinder(BaseFinder):
    """Publishes `plotly.min.js` under `vendor/`."""

    @overload
    def find(self, path: str, find_all: Literal[False] = False) -> str | None: ...
    @overload
    def find(self, path: str, find_all: Literal[True]) -> builtins.list[str]: ...
    def find(self, path: str, find_all: bool = False) -> str | builtins.list[str] | None:
        """Return the file for the published name and nothing for any other."""
        found = [str(bundle())] if path == PUBLISHED_AS else []
        if find_all:
            return found
        return found[0] if found else None

    def list(
        self,
        ignore_patterns: Iterable[str] | None,  # noqa: ARG002 (the one file is never ignored)
    ) -> Iterable[tuple[str, PlotlyStorage]]:
        """Return the one file, for `collectstatic`."""
        return [(FILE, PlotlyStorage(location=str(bundle().parent)))]
