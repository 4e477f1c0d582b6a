"""Pages travel compressed."""

import gzip

import pytest

from tests.staging import browser, loaded

__all__ = ["loaded"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


def test_a_page_is_a_fraction_of_its_size_on_its_way() -> None:
    plain = browser().get("/pipeline/").content
    packed = browser().get("/pipeline/", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert len(packed.content) < len(plain) / 4
    assert gzip.decompress(packed.content).startswith(b"<!doctype html>")
