"""A message as it goes on the wire, with what somebody did to it; and how the service sees it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import pamqp.frame
from aiormq import spec
from pamqp.header import ContentHeader

from shared.messaging import unreadable
from shared.messaging.message import Delivery

SHOWN = 400
MARK, BROKEN = b"DAMAGED!", b"\xff\xfe\xfd\xfc\xc0\xc1\xf5\x80"
"""Text that becomes bytes which are no text, as many, on its way."""

_UNWRITABLE = (TypeError, ValueError, OverflowError)


@dataclass(frozen=True)
class Hostile:
    """One message; `broken` names what was done to it, nothing when it is right."""

    user: str
    exchange: str
    key: str
    properties: Mapping[str, Any]
    headers: Mapping[str, Any]
    body: bytes
    broken: tuple[str, ...] = ()
    risky: bool = False

    def __repr__(self) -> str:
        """Short enough to be read in a failure."""
        size, done = len(self.body), ", ".join(self.broken) or "nothing"
        parts = {
            "properties": repr(dict(self.properties)),
            "headers": repr(dict(self.headers)),
            f"body of {size} bytes": repr(self.body[: SHOWN + 1]),
        }
        shown = "".join(f"\n  {name}: {text[:SHOWN]}" for name, text in parts.items())
        return (
            f"\n  from {self.user} to {self.exchange!r} with the key {self.key!r}"
            f"\n  done to it: {done}{shown}\n"
        )

    def but(self, what: str, **changes: Any) -> Self:
        """The same with something done to it."""
        return replace(self, broken=(*self.broken, *([what] if what else [])), **changes)

    def having(self, what: str, **properties: Any) -> Self:
        """The same with other properties."""
        return self.but(what, properties={**self.properties, **properties})

    def heading(self, what: str, headers: Mapping[str, Any]) -> Self:
        """The same with other headers."""
        return self.but(what, headers={**self.headers, **headers})

    @property
    def frame(self) -> ContentHeader:
        """Its header frame."""
        properties = spec.Basic.Properties(headers=dict(self.headers), **self.properties)
        return ContentHeader(properties=properties, body_size=len(self.body))

    @property
    def writable(self) -> bool:
        """Whether the client library can put it on the wire at all."""
        try:
            pamqp.frame.marshal(self.frame, 1)
        except _UNWRITABLE:
            return False
        return len(self.key.encode()) < 256

    @property
    def delivery(self) -> Delivery:
        """What the service will see of it."""
        wire = pamqp.frame.marshal(self.frame, 1).replace(MARK, BROKEN)
        decode = unreadable.tolerant(_decode)
        seen = decode(wire[7:-1]).properties
        return Delivery(
            exchange=self.exchange,
            routing_key=self.key,
            message_id=seen.message_id or "",
            user_id=seen.user_id or "",
            content_type=seen.content_type or "",
            headers=seen.headers or {},
            body=self.body.replace(MARK, BROKEN),
        )


def _decode(frame: bytes) -> ContentHeader:
    header = ContentHeader()
    header.unmarshal(frame)
    return header
