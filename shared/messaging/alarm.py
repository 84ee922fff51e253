"""Whether the broker holds up a connection because it is short of memory or disk.

The client library keeps this to itself and would write on: what waits in the socket arrives when
the alarm is over, together with all that was written again meanwhile.
"""

from typing import Any


class InAlarm(ConnectionError):
    """The broker takes no messages until it has memory and disk again."""


def is_blocked(channel: Any) -> bool:
    """Whether a robust channel's present connection is held up; not so without a connection."""
    transport = getattr(channel._connection, "transport", None)  # noqa: SLF001 - no other way
    if transport is None:
        return False
    unblocked = getattr(transport.connection, "_Connection__connection_unblocked")  # noqa: B009
    return not unblocked.is_set()
