"""Frames between the web process and its runners."""

from multiprocessing import Pipe

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.executors.wire import message, receive, send


@given(st.text(max_size=20), st.lists(st.binary(max_size=40), max_size=4))
def test_a_message_arrives_as_it_was_sent(kind: str, parts: list[bytes]) -> None:
    here, there = Pipe()
    with here, there:
        send(here, message(kind, *parts))
        assert receive(there) == message(kind, *parts)


def test_parts_may_be_text_and_numbers() -> None:
    spoken = message("run", 7, "straße", b"\n\0")
    assert (spoken.text(0), spoken.text(1), spoken.parts[2]) == ("7", "straße", b"\n\0")


def test_an_end_that_is_gone_is_an_error_on_both_sides() -> None:
    here, there = Pipe()
    there.close()
    with here:
        with pytest.raises(EOFError):
            receive(here)
        with pytest.raises(BrokenPipeError):
            send(here, message("ready"))
