"""The development mailbox as a node that starts and stops with the other servers."""

import http.client
import json
import smtplib
import sys
import urllib.request
from typing import Any

from local.mailbox import PERMANENT, REFUSALS, TEMPORARY, read_refusals, write_refusals
from local.node import Node

PROBE_SECONDS = 1


class Mailbox(Node):
    """An SMTP server of its own process; its Maildir is `<folder>/maildir`."""

    name = "mailbox"
    title = "SMTP mailbox"
    port_names = ("smtp", "http")

    @property
    def url(self) -> str:
        """The SMTP address, without name and password."""
        return f"smtp://127.0.0.1:{self.port('smtp')}"

    @property
    def pages_url(self) -> str:
        """The address of the page that shows the mails."""
        return f"http://127.0.0.1:{self.port('http')}/"

    def counts(self) -> dict[str, Any]:
        """Return the number of mails and of duplicates among them."""
        counts: dict[str, Any] = self._get("count.json")
        return counts

    def mails(self) -> list[dict[str, Any]]:
        """Return sender, recipients, subject and times of all mails, newest first."""
        mails: list[dict[str, Any]] = self._get("mails.json")
        return mails

    def refuse(self, recipient: str, *, permanent: bool = False) -> None:
        """Refuse mails to a recipient (`*` stands for anything) from now on."""
        path = self.folder / REFUSALS
        code = PERMANENT if permanent else TEMPORARY
        write_refusals(path, read_refusals(path) | {recipient: code})

    def accept_all(self) -> None:
        """Refuse nobody any more."""
        write_refusals(self.folder / REFUSALS, {})

    def _prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    def _command(self) -> list[str]:
        ports = ["--smtp-port", str(self.port("smtp")), "--http-port", str(self.port("http"))]
        return [sys.executable, "-m", "local.mailbox", "--folder", str(self.folder), *ports]

    def _answers(self) -> bool:
        try:
            with smtplib.SMTP("127.0.0.1", self.port("smtp"), timeout=PROBE_SECONDS):
                return "mails" in self.counts()
        except (OSError, http.client.HTTPException):
            return False

    def _get(self, path: str) -> Any:
        with urllib.request.urlopen(self.pages_url + path, timeout=10) as answer:  # noqa: S310
            return json.load(answer)
