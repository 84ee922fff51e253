"""Who a message goes to: names and addresses that are safe to write into a mail."""

import re
from typing import Final

_JOINERS: Final = "\u200c\u200d"
"""Invisible, but part of how Persian, Kurdish and other names are written."""

_LOCAL: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS: Final = re.compile(rf"{_LOCAL}(?:\.{_LOCAL})*@{_LABEL}(?:\.{_LABEL})+")
LONGEST_LOCAL: Final = 64


def on_one_line(text: str) -> str:
    """The text without line breaks and control characters, and with single spaces."""
    visible = (each if each.isprintable() or each in _JOINERS else " " for each in text)
    return " ".join("".join(visible).split())


def is_address(address: str) -> bool:
    """Whether mail can go there: a plain address of ASCII characters with a full domain."""
    local = address.partition("@")[0]
    return len(local) <= LONGEST_LOCAL and _ADDRESS.fullmatch(address) is not None
