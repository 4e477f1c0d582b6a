"""A web application of one page: a run, as a gunicorn worker makes it."""

import json
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.executors.pool import RunnerPool

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

pool = RunnerPool(2)


def application(_: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    trace = pool.run(RunSpec(), Program.correct())
    start_response("200 OK", [("Content-Type", "application/json")])
    seen = {
        "digest": trace.document["digest"],
        "runners": pool.pids(),
        "torch": "torch" in sys.modules,
    }
    return [json.dumps(seen).encode()]
