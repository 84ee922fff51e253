"""The mailbox takes real mails, keeps them, shows them harmlessly and refuses when told to."""

import smtplib
import urllib.request
from collections.abc import Iterator
from email.message import EmailMessage
from http import HTTPStatus
from pathlib import Path

import aiosmtplib
import pytest

from local.mailbox_node import Mailbox
from local.mailbox_pages import respond
from local.mailstore import MailStore


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailbox]:
    node = Mailbox(tmp_path_factory.mktemp("mailbox"))
    node.start()
    yield node
    node.stop()


def a_mail(
    to: str, subject: str = "Guten Tag", message_id: str = "<1@example.org>"
) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = "office@example.org", to
    mail["Subject"], mail["Message-ID"] = subject, message_id
    mail.set_content("Schöne Grüße an <b>alle</b>.\n")
    mail["Content-Language"] = "de"
    return mail


def page(mailbox: Mailbox, path: str = "") -> str:
    with urllib.request.urlopen(mailbox.pages_url + path, timeout=10) as answer:  # noqa: S310
        return str(answer.read().decode())


async def test_a_mail_is_kept_and_shown(mailbox: Mailbox) -> None:
    await aiosmtplib.send(a_mail("kept@example.org"), port=mailbox.port("smtp"), start_tls=False)
    [mail] = [mail for mail in mailbox.mails() if mail["to"] == ["kept@example.org"]]
    assert mail["subject"] == "Guten Tag"
    shown = page(mailbox, f"mails/{mail['key']}")
    assert "Schöne Grüße an &lt;b&gt;alle&lt;/b&gt;." in shown
    assert 'lang="de"' in shown
    assert "kept@example.org" in page(mailbox, "?to=kept")
    assert "kept@example.org" not in page(mailbox, "?to=nobody")


def test_a_stored_mail_survives_kill_9(mailbox: Mailbox) -> None:
    with smtplib.SMTP("127.0.0.1", mailbox.port("smtp")) as smtp:
        smtp.send_message(a_mail("survivor@example.org"))
        mailbox.kill()
    mailbox.start()
    assert ["survivor@example.org"] in [mail["to"] for mail in mailbox.mails()]


def test_recipients_are_refused_for_now_or_for_good(mailbox: Mailbox) -> None:
    mailbox.refuse("later@example.org")
    mailbox.refuse("*@never.example", permanent=True)
    with smtplib.SMTP("127.0.0.1", mailbox.port("smtp")) as smtp:
        with pytest.raises(smtplib.SMTPRecipientsRefused) as later:
            smtp.send_message(a_mail("later@example.org"))
        with pytest.raises(smtplib.SMTPRecipientsRefused) as never:
            smtp.send_message(a_mail("anyone@never.example"))
        mailbox.accept_all()
        smtp.send_message(a_mail("later@example.org"))
    assert [code for code, _ in later.value.recipients.values()] == [451]
    assert [code for code, _ in never.value.recipients.values()] == [550]
    assert ["later@example.org"] in [mail["to"] for mail in mailbox.mails()]


def test_a_repeated_mail_counts_as_a_duplicate_for_its_recipient_only(tmp_path: Path) -> None:
    store = MailStore(tmp_path / "maildir")
    for to in ("a@example.org", "b@example.org", "a@example.org"):
        store.add("office@example.org", [to], a_mail(to).as_bytes())
    assert store.counts() == {"mails": 3, "duplicates": 1}


def test_markup_in_a_mail_is_shown_as_text(tmp_path: Path) -> None:
    store = MailStore(tmp_path / "maildir")
    evil = "<script>alert(1)</script>"
    store.add(evil, [evil], a_mail("a@example.org", subject=evil).as_bytes())
    [mail] = store.summaries()
    for path in ("/", f"/mails/{mail.key}"):
        status, _, text = respond(store, path, {"to": "<script>"} if path == "/" else {})
        assert status == HTTPStatus.OK
        assert "&lt;script&gt;" in text
        assert "<script" not in text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no header at all",
        b"Subject: =?utf-8?q?unfinished\r\nMessage-ID: <a b\r\n\r\ntext",
        b"Content-Type: text/plain; charset=nonsense\r\n\r\n\xff\xfe",
        b"Content-Type: multipart/mixed\r\n\r\n--",
        b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%",
        b'From: \xff\r\nContent-Language: "><script>\r\n\r\n',
    ],
)
def test_a_broken_mail_is_shown_as_far_as_possible(tmp_path: Path, content: bytes) -> None:
    store = MailStore(tmp_path / "maildir")
    store.add("<>", ["a@example.org"], content)
    [mail] = store.summaries()
    status, _, text = respond(store, f"/mails/{mail.key}", {})
    assert status == HTTPStatus.OK
    assert "<script" not in text


@pytest.mark.parametrize("path", ["/nothing", "/mails/", "/mails/../../etc/passwd"])
def test_other_paths_are_not_found(tmp_path: Path, path: str) -> None:
    status, _, _ = respond(MailStore(tmp_path / "maildir"), path, {})
    assert status == HTTPStatus.NOT_FOUND


def test_a_long_list_has_pages(tmp_path: Path) -> None:
    store = MailStore(tmp_path / "maildir")
    for number in range(101):
        store.add("<>", ["a@example.org"], b"Subject: mail %d\r\n\r\n" % number)
    first = respond(store, "/", {})[2]
    second = respond(store, "/", {"page": "2"})[2]
    assert ("Older mails" in first, "Newer mails" in first) == (True, False)
    assert ("Older mails" in second, "Newer mails" in second) == (False, True)
    assert "mail 0<" in second
    assert "mail 0<" not in first
