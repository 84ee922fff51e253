"""Keeps the connection when the properties of a message cannot be decoded: it arrives without them
and is parked. The client library would close the connection, get the same message again, and count
everything else in flight towards the delivery limit.
"""

from collections.abc import Callable
from typing import Any

import pamqp.frame
from aiormq import spec
from pamqp.header import ContentHeader

UNREADABLE_HEADER = "x-unreadable"

_BODY_SIZE = slice(4, 12)
"""Where a header frame says it, after its class and weight (AMQP 0-9-1, 4.2.6.1)."""

Decode = Callable[[bytes], ContentHeader]


def survive_unreadable_properties() -> None:
    """Teach the client library; once for a process, when its connections are defined."""
    library: Any = pamqp.frame
    library._unmarshal_header_frame = tolerant(library._unmarshal_header_frame)  # noqa: SLF001


def tolerant(decode: Decode) -> Decode:
    """The same decoder, which gives a message without properties where it would raise."""

    def decoded(frame: bytes) -> ContentHeader:
        try:
            return decode(frame)
        except Exception as error:  # noqa: BLE001 - whatever somebody sent, the connection stays
            reason = f"its properties cannot be read ({type(error).__name__})"
            properties = spec.Basic.Properties(headers={UNREADABLE_HEADER: reason})
            size = int.from_bytes(frame[_BODY_SIZE], "big")
            return ContentHeader(body_size=size, properties=properties)

    return decoded
