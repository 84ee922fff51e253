"""A mail server that keeps nothing but how often it got which mail."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.parser import BytesHeaderParser

from aiosmtpd.smtp import SMTP, Envelope, Session

REFUSED_FOR_NOW = "451 4.3.0 Try again later"


class PostOffice:
    """The mail server's side of the dialogue; it may be told to refuse everybody for now."""

    def __init__(self) -> None:
        self.port = 0
        self.mails: Counter[str] = Counter()
        self.closed_for_now = False

    def got(self, delivery_id: str) -> int:
        """How often the mail of a delivery came; its Message-ID names it."""
        return self.mails[delivery_id]

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        if self.closed_for_now:
            return REFUSED_FOR_NOW
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        head = BytesHeaderParser().parsebytes(envelope.original_content or b"", headersonly=True)
        self.mails[str(head["Message-ID"]).strip("<>").partition("@")[0]] += 1
        return "250 OK"


@asynccontextmanager
async def post_office() -> AsyncIterator[PostOffice]:
    """Open on a port of its own inside the block."""
    office, loop = PostOffice(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(office, loop=loop), "127.0.0.1", 0)
    office.port = server.sockets[0].getsockname()[1]
    async with server:
        yield office
