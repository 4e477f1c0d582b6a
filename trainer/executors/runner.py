"""What a runner process does: one job after another, until nobody is at the pipe's other end.

Knows no Django. A mistake of the engine's own ends the process: its traceback is on stderr,
and the pool starts another.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection

from trainer.engine import execute, replay
from trainer.engine.program import Program
from trainer.engine.recorder import TIME_BUDGET, Stop
from trainer.engine.spec import RunSpec
from trainer.engine.surveys import REPLAYS
from trainer.engine.trace import Trace
from trainer.executors.contract import CANCELLED
from trainer.executors.wire import Message, message, receive, send


def serve(pipe: Connection) -> None:
    """Say "ready", then answer. Returns when the pipe ends."""
    with suppress(EOFError, ConnectionError):
        send(pipe, message("ready", str(TIME_BUDGET)))
        while True:
            request = receive(pipe)
            if request.kind != "cancel":  # else it came too late, its job is done
                send(pipe, message("began"))
                send(pipe, _WORK[request.kind](pipe, request))


def _run(pipe: Connection, request: Message) -> Message:
    job, spec, program = (request.text(index) for index in range(3))

    def watch(step: int) -> None:
        send(pipe, message("progress", step))
        while pipe.poll():
            if receive(pipe).text(0) == job:
                raise Stop(CANCELLED)

    trace = execute.run(RunSpec(**json.loads(spec)), Program.parse(program), watch)
    return message("trace", trace.text(), trace.tensors)


def _replay(_pipe: Connection, request: Message) -> Message:
    _, document, tensors, wanted = request.parts
    trace = Trace.read(document, tensors)
    try:
        found = REPLAYS[request.kind](trace, json.loads(wanted))
    except replay.NotReached as error:
        return message("absent", str(error))
    return message("answer", json.dumps(found, allow_nan=False))


_WORK: dict[str, Callable[[Connection, Message], Message]] = {
    "run": _run,
    **dict.fromkeys(REPLAYS, _replay),
}
