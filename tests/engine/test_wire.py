from __future__ import annotations

import os

import pytest

from passerby.engine.wire import Channel


def test_messages_stay_whole_and_carry_descriptors() -> None:
    one, other = Channel.pair()
    reading, writing = os.pipe()
    one.send(b"first", [writing])
    one.send(b"second")
    os.close(writing)
    data, (received,) = other.receive(most=8)
    assert data == b"first"
    assert not os.get_inheritable(received)
    os.write(received, b"through")
    assert os.read(reading, 8) == b"through"
    assert other.receive(wait=False) == (b"second", [])
    with pytest.raises(BlockingIOError):
        other.receive(wait=False)
    for fd in (reading, received):
        os.close(fd)
    one.close()
    other.close()


def test_the_end_of_the_peer_is_read_after_what_it_sent() -> None:
    one, other = Channel.pair()
    one.send(b"last words")
    one.close()
    assert other.receive() == (b"last words", [])
    assert other.receive() == (b"", [])
    with pytest.raises(ConnectionError):
        other.send(b"too late")
    other.close()


def test_what_a_peer_said_is_heard_even_if_it_went_without_listening() -> None:
    one, other = Channel.pair()
    other.send(b"never read")
    one.send(b"the last word")
    one.close()
    assert other.receive() == (b"the last word", [])
    assert other.receive() == (b"", [])
    other.close()
