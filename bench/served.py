"""The measures of a site that is really served: memory (G12), first visits (G14), clicks (G4).

And sweeps: how soon, and at whose cost. One site for all. The clicks are timed by a process of
their own, because what they are compared with needs PyTorch, and this process must not map it
while it looks at memory.
"""

import signal
import subprocess
import sys
from http.client import HTTPConnection

from bench import first_visit, memory, sweeping
from bench.measure import exit_code, told
from bench.site import HOST, ROOT, Site, served
from bench.visitor import Visitor

CLICKS_BEFORE = 20


def _use(site: Site) -> None:
    """A few runs, so that memory is that of a site in use."""
    visitor = Visitor(HTTPConnection(HOST, site.port, timeout=60))
    for _ in range(CLICKS_BEFORE):
        visitor.click()


def main() -> int:
    """How the process ends: a missed goal of either family is one of both."""
    # Told to end, Python would not end the server first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with served() as site:
        _use(site)
        connection = HTTPConnection(HOST, site.port, timeout=60)
        seen = told(memory.measures(site)) + told(first_visit.measures(connection))
        seen += told(sweeping.measures(site.port))
        clicks = [sys.executable, "-m", "bench.click", str(site.port)]
        return max(exit_code(seen), subprocess.run(clicks, cwd=ROOT, check=False).returncode)


if __name__ == "__main__":
    sys.exit(main())
