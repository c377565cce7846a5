from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.engine.headers import LONGEST, EndHeader, FrameHeader, FreeHeader, Header, RingHeader, pack, unpack

u16, u32, u64 = st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1), st.integers(0, 2**64 - 1)
seconds = st.floats(allow_nan=False)
headers = st.one_of(
    st.builds(RingHeader, u16, u32, u32, u32, u16),
    st.builds(FrameHeader, u16, u32, u16, u64, u64, seconds, seconds, u64, u64),
    st.builds(EndHeader, u16, u64, seconds, st.booleans(), u64, u64, st.binary(max_size=255)),
    st.builds(FreeHeader, u16, u32, u16),
)


@given(headers)
def test_what_is_packed_is_unpacked(header: Header) -> None:
    data = pack(header)
    assert len(data) <= LONGEST
    assert unpack(data) == header


def test_a_long_reason_is_cut_off() -> None:
    header = unpack(pack(EndHeader(1, 2, 3.0, True, 4, 5, b"x" * 400)))
    assert isinstance(header, EndHeader)
    assert header.reason == b"x" * 255


@given(headers, st.integers(0, LONGEST))
def test_anything_else_is_refused(header: Header, length: int) -> None:
    data = pack(header)
    if length != len(data):
        with pytest.raises(ValueError, match="this is no"):
            unpack(data[:length] if length < len(data) else data + b"\0")
    with pytest.raises(ValueError, match="this is no"):
        unpack(b"\xff" + data)
