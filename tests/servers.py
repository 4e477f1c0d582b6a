"""The site as an operator serves it: gunicorn in a process of its own, runners behind it."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

from tests.processes import ROOT, environment

STARTING = 30


def wait_until(true: Callable[[], bool]) -> None:
    """Return when it is; fail when it is not in time."""
    end = time.monotonic() + STARTING
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


class Site:
    """A running gunicorn and the way to ask it."""

    def __init__(self, data: Path) -> None:
        self.manifest = data / "static" / "staticfiles.json"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", "--config", "python:course.serving"]
        env = environment(data, PORT=str(self.port))
        self.process = subprocess.Popen(command, env=env, cwd=ROOT, stderr=subprocess.DEVNULL)

    def get(self, address: str) -> tuple[HTTPResponse, bytes]:
        """Ask as a browser that understands brotli."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=STARTING)
        connection.request("GET", address, headers={"Accept-Encoding": "br, gzip"})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response, body

    def answers(self) -> bool:
        """Whether pages come yet."""
        try:
            self.get("/admin/login/")
        except ConnectionError:
            return False
        return True
