"""The site as an operator serves it: gunicorn in a process of its own, runners behind it."""

import gzip
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

from tests.processes import ROOT, environment

STARTING = 30


def wait_until(true: Callable[[], bool]) -> None:
    """Return when it is; fail when it is not in time."""
    end = time.monotonic() + STARTING
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


class Site:
    """A running gunicorn, a process group of its own. What it says is in `log`."""

    def __init__(self, data: Path, **more: str) -> None:
        self.manifest = data / "static" / "staticfiles.json"
        self.log = data / "log"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", "--config", "python:course.serving"]
        env = environment(data, PORT=str(self.port), **more)
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command, env=env, cwd=ROOT, stderr=log, start_new_session=True
            )

    def get(self, address: str, **headers: str) -> tuple[HTTPResponse, bytes]:
        """Ask as a browser that understands brotli; what came by gzip is unpacked."""
        return self.ask("GET", address, {"Accept-Encoding": "br, gzip"} | headers)

    def post(self, address: str, **fields: str) -> tuple[HTTPResponse, bytes]:
        """Send a form as a browser that has been here before."""
        token = "t" * 32
        headers = {
            "Cookie": f"csrftoken={token}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode(fields | {"csrfmiddlewaretoken": token})
        return self.ask("POST", address, headers, body)

    def ask(
        self, method: str, address: str, headers: dict[str, str], body: str | None = None
    ) -> tuple[HTTPResponse, bytes]:
        """One request on a connection of its own."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=STARTING)
        connection.request(method, address, body, headers)
        response = connection.getresponse()
        read = response.read()
        connection.close()
        packed = response.headers["Content-Encoding"] == "gzip"
        return response, gzip.decompress(read) if packed else read

    def answers(self) -> bool:
        """Whether pages come yet."""
        try:
            self.get("/healthz/live")
        except ConnectionError:
            return False
        return True

    def end(self) -> None:
        """End it at once, if it has not ended."""
        self.process.kill()
        self.process.wait()
