"""How the web process and its runners speak: frames of text and bytes over a pipe.

A frame is a line of JSON, the kind of message and the lengths of its parts, and then the
parts. Nothing is pickled, so what a runner sends is only ever read as data.
"""

import json
from dataclasses import dataclass
from multiprocessing.connection import Connection

MAX_FRAME = 64_000_000


@dataclass(frozen=True, slots=True)
class Message:
    """What is said, and the texts or bytes that go with it."""

    kind: str
    parts: tuple[bytes, ...] = ()

    def text(self, index: int) -> str:
        """A part that is text."""
        return self.parts[index].decode()


def message(kind: str, *parts: str | bytes | int) -> Message:
    """A message of parts in their spelling as bytes."""
    spelled = (each if isinstance(each, bytes) else str(each).encode() for each in parts)
    return Message(kind, tuple(spelled))


def send(pipe: Connection, sent: Message) -> None:
    """Raises `OSError` when the other end is gone."""
    head = json.dumps([sent.kind, *map(len, sent.parts)]).encode()
    pipe.send_bytes(b"".join((head, b"\n", *sent.parts)))


def receive(pipe: Connection) -> Message:
    """The next message. Raises `EOFError` or `OSError` when the other end is gone."""
    frame = pipe.recv_bytes(MAX_FRAME)
    start = frame.index(b"\n") + 1
    kind, *lengths = json.loads(frame[:start])
    parts = []
    for length in lengths:
        parts.append(frame[start : start + length])
        start += length
    return Message(kind, tuple(parts))
