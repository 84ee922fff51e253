"""The pages of the development mailbox, read only: the list, one mail, and JSON for programs."""

import json
import re
from dataclasses import asdict
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from local.mailstore import MailStore

TEMPLATES = Path(__file__).parent / "templates"
PAGE_LENGTH = 100
PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,6}")
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
HTML, JSON, CSS = "text/html; charset=utf-8", "application/json", "text/css; charset=utf-8"

templates = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class MailboxPages(ThreadingHTTPServer):
    """A web server over a mail store; call `serve_forever` in a thread."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], store: MailStore) -> None:
        self.store = store
        super().__init__(address, _Request)


class _Request(BaseHTTPRequestHandler):
    server: MailboxPages
    timeout = 30

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        self._send(*respond(self.server.store, unquote(url.path), query))

    def _send(self, status: HTTPStatus, kind: str, text: str) -> None:
        body = text.encode(errors="replace")
        self.send_response(status)
        headers = {"Content-Type": kind, "Content-Length": str(len(body))}
        for name, value in (headers | HEADERS).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: the program prints its address once."""


def respond(store: MailStore, path: str, query: dict[str, str]) -> tuple[HTTPStatus, str, str]:
    """Return status, content type and text for a path."""
    to = query.get("to", "")
    if path == "/":
        return HTTPStatus.OK, HTML, _list(store, to, query.get("page", "1"))
    if path == "/style.css":
        return HTTPStatus.OK, CSS, (TEMPLATES / "style.css").read_text()
    if path == "/count.json":
        return HTTPStatus.OK, JSON, json.dumps(store.counts())
    if path == "/mails.json":
        return HTTPStatus.OK, JSON, json.dumps([asdict(mail) for mail in store.summaries(to)])
    mail = store.mail(path.removeprefix("/mails/"))
    if mail is None:
        return HTTPStatus.NOT_FOUND, HTML, templates.get_template("missing.html").render()
    return HTTPStatus.OK, HTML, templates.get_template("mail.html").render(mail=mail)


def _list(store: MailStore, to: str, wanted: str) -> str:
    number = int(wanted) if PAGE_NUMBER.fullmatch(wanted) else 1
    mails = store.summaries(to)
    last = number * PAGE_LENGTH
    page = {
        "number": number,
        "to": to,
        "mails": mails[last - PAGE_LENGTH : last],
        "newer": _link(to, number - 1) if number > 1 else "",
        "older": _link(to, number + 1) if len(mails) > last else "",
    }
    return templates.get_template("list.html").render(page=page, counts=store.counts())


def _link(to: str, page: int) -> str:
    return "/?" + urlencode({"to": to, "page": page})
