"""The site as `make run` serves it: collected files, gunicorn, runners behind it."""

import json
import os
import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.processes import manage
from tests.servers import STARTING, Site, wait_until


def has_torch(process: psutil.Process) -> bool:
    """Whether PyTorch's library is mapped into it: no import of any kind goes unseen."""
    return any("libtorch" in one.path for one in process.memory_maps())


def ended(process: psutil.Process) -> bool:
    """Whether it runs no more. Whoever adopted it may take its time to notice."""
    try:
        return not process.is_running() or bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, collected: Path) -> Iterator[Site]:
    """Make the site in an empty data directory and serve it."""
    data = tmp_path_factory.mktemp("site")
    manage(data, "migrate", "--verbosity=0")
    (data / "static").symlink_to(collected)
    site = Site(data)
    wait_until(site.answers)
    yield site
    site.end()


def test_a_page_names_files_that_may_be_kept_for_good(site: Site) -> None:
    response, page = site.get("/admin/login/")
    assert response.status == 200
    names = re.findall(rb'(?:href|src)="(/static/[^"]+)"', page)
    assert names
    for name in names:
        assert re.search(rb"\.[0-9a-f]{12}\.(css|js|svg)$", name)
        file, _ = site.get(name.decode())
        assert file.status == 200
        assert "immutable" in file.headers["Cache-Control"]


def test_the_plotly_bundle_comes_small(site: Site) -> None:
    [name] = re.findall(r'"vendor/plotly\.min\.js": "([^"]+)"', site.manifest.read_text())
    response, body = site.get(f"/static/{name}")
    assert response.headers["Content-Encoding"] == "br"
    assert len(body) < 1_300_000


def test_the_web_process_stays_free_of_torch_while_runners_have_it(site: Site) -> None:
    gunicorn = psutil.Process(site.process.pid)
    workers = gunicorn.children()
    assert len(workers) == 1
    wait_until(lambda: any(has_torch(child) for child in workers[0].children(recursive=True)))
    assert not has_torch(gunicorn)
    assert not has_torch(workers[0])


def test_it_says_in_json_what_was_asked_and_not_by_whom(site: Site) -> None:
    response, _ = site.get("/pipeline/?run=secret", **{"X-Request-ID": "from-the-proxy"})
    assert response.headers["X-Request-ID"] == "from-the-proxy"
    with socket.create_connection(("127.0.0.1", site.port)) as raw:
        raw.sendall(b"NONSENSE\r\n\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 400")
    said = [json.loads(line) for line in site.log.read_text().splitlines()]
    assert any(line["message"].startswith("Listening at") for line in said)
    (mine,) = [line for line in said if line.get("request_id") == "from-the-proxy"]
    assert (mine["method"], mine["path"], mine["status"]) == ("GET", "/pipeline/", 404)
    assert any("Invalid request from ip=-" in line["message"] for line in said)
    assert "secret" not in site.log.read_text()
    assert "ip=127" not in site.log.read_text()


def test_an_interrupt_from_the_terminal_ends_everything_too(tmp_path: Path) -> None:
    """It reaches every process of the group at once."""
    site = Site(tmp_path)
    wait_until(site.answers)
    started = psutil.Process(site.process.pid).children(recursive=True)
    os.killpg(site.process.pid, signal.SIGINT)
    assert site.process.wait(timeout=STARTING) == 0
    wait_until(lambda: all(map(ended, started)))


def test_ending_the_site_ends_everything_that_it_started(site: Site) -> None:
    started = psutil.Process(site.process.pid).children(recursive=True)
    site.process.send_signal(signal.SIGTERM)
    assert site.process.wait(timeout=STARTING) == 0
    wait_until(lambda: all(map(ended, started)))
