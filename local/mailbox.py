"""A real SMTP server that delivers to nobody: it keeps every mail and shows it on a page.

`python -m local.mailbox` starts it. Recipients named with `--refuse-for-now` and `--refuse` get
451 and 550; `refusals.json` in the folder holds the same and may be changed at any time.
"""

import argparse
import asyncio
import json
import signal
import sys
import threading
from fnmatch import fnmatchcase
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from local.mailbox_pages import MailboxPages
from local.mailstore import MailStore

TEMPORARY, PERMANENT = 451, 550
ANSWERS = {
    TEMPORARY: "451 4.3.0 Refused for now, as the mailbox was told to; try again later",
    PERMANENT: "550 5.1.1 Refused, as the mailbox was told to; there is no such recipient",
}
REFUSALS = "refusals.json"


class Receiver:
    """What happens to mails at each step of the SMTP dialogue."""

    def __init__(self, store: MailStore, refusals: Path) -> None:
        self._store = store
        self._refusals = refusals

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        refusal = ANSWERS.get(self._refusal(address))
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or "250 OK"

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.original_content or b""
        await asyncio.to_thread(
            self._store.add, envelope.mail_from or "<>", envelope.rcpt_tos, content
        )
        return "250 OK, kept in the development mailbox"

    def _refusal(self, address: str) -> int:
        for pattern, code in read_refusals(self._refusals).items():
            if fnmatchcase(address.lower(), pattern.lower()):
                return code
        return 0


def read_refusals(path: Path) -> dict[str, int]:
    """Return the refused recipients (`*` stands for anything) with 451 or 550."""
    try:
        refusals: dict[str, int] = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    return refusals


def write_refusals(path: Path, refusals: dict[str, int]) -> None:
    """Replace the refused recipients, at once for the next mail."""
    draft = path.with_suffix(".tmp")
    draft.write_text(json.dumps(refusals))
    draft.replace(path)


async def serve(folder: Path, host: str, smtp_port: int, http_port: int) -> None:
    """Take mails and show them until SIGTERM or SIGINT comes."""
    store = MailStore(folder / "maildir")
    receiver = Receiver(store, folder / REFUSALS)
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    smtp = await loop.create_server(
        lambda: SMTP(receiver, enable_SMTPUTF8=True, ident="development mailbox", loop=loop),
        host,
        smtp_port,
    )
    with MailboxPages((host, http_port), store) as pages:
        threading.Thread(target=pages.serve_forever, daemon=True).start()
        print(f"Mails to smtp://{host}:{smtp_port} are shown on http://{host}:{http_port}/")
        await stopped.wait()
        pages.shutdown()
    smtp.close()


def main() -> int:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m local.mailbox", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(".local/mailbox"))
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--smtp-port", type=int, default=2525)
    parser.add_argument("--http-port", type=int, default=8025)
    parser.add_argument("--refuse-for-now", action="append", default=[], metavar="RECIPIENT")
    parser.add_argument("--refuse", action="append", default=[], metavar="RECIPIENT")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    refusals = dict.fromkeys(options.refuse_for_now, TEMPORARY)
    refusals |= dict.fromkeys(options.refuse, PERMANENT)
    if refusals:
        write_refusals(options.folder / REFUSALS, refusals)
    try:
        asyncio.run(serve(options.folder, options.host, options.smtp_port, options.http_port))
    except OSError as error:
        print(f"The mailbox cannot start: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
