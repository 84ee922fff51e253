"""A delivery as a mail: readable in every script, and nothing in it can become a header."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from services.notifications.domain.delivery import Delivery, Letter
from services.notifications.domain.recipient import is_address, on_one_line
from services.notifications.mail import mail_of
from services.notifications.settings import NotificationsSettings
from shared.contracts.notifications import Template

HEADERS = [
    "Auto-Submitted", "Content-Language", "Content-Transfer-Encoding", "Content-Type", "Date",
    "From", "MIME-Version", "Message-ID", "Subject", "To",
]  # fmt: skip
SECRET = SecretStr("amqp://a:b@c/")
SETTINGS = NotificationsSettings(amqp_url=SECRET, mongodb_url=SECRET)


def written(name: str, subject: str = "Willkommen", text: str = "Guten Tag\n") -> bytes:
    letter = Letter(name, "leyla@mail.example", subject, text)
    delivery = Delivery(
        id="2f1c",
        about="h-1",
        template=Template.HOUSEHOLD_WELCOME,
        language="de",
        requested_at=datetime(2016, 7, 1, 8, 0, tzinfo=UTC),
        address_digest="",
        letter=letter,
    )
    return mail_of(delivery, letter, SETTINGS)


def read(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=policy.default)


def recipient(content: bytes) -> tuple[str, str]:
    """Name and address in To, read as RFC 2047 says: nothing stands between encoded words."""
    name, address = parseaddr(message_from_bytes(content)["To"].replace("\n", ""))
    return str(make_header(decode_header(name))), address


def test_the_date_is_local_and_the_id_follows_from_the_delivery() -> None:
    mail = read(written("Leyla"))
    assert mail["Date"] == "Fri, 01 Jul 2016 10:00:00 +0200"
    assert mail["Message-ID"] == "<2f1c@willkommen.example>"
    assert written("Leyla") == written("Leyla")


@pytest.mark.parametrize(
    "name",
    [
        "Leyla Öztürk",
        "محمد علي",
        "Дарина, Д.",
        'A "B" \\ C, D.',
        "=?utf-8?q?Bcc?=",
        "Evangelische Begegnungsstätte für geflüchtete Mütter und Väter",
        "李王李龙 王小小 李小李 小王 龙 龙王龙 李王 小 小王李王龙 小 王王龙王",
        "بجبدددخثبداخخادجثبحااا اخثخا ثدد ثحثثدجاخ بتجبح خ",
    ],
)
def test_names_of_every_script_arrive(name: str) -> None:
    content = written(name, subject=f"Für {name}", text=f"Guten Tag {name}\n")
    assert recipient(content) == (name, "leyla@mail.example")
    assert read(content)["Subject"] == f"Für {name}"
    assert read(content).get_content().splitlines() == [f"Guten Tag {name}"]
    assert content.isascii()
    assert max(map(len, content.splitlines())) <= 76


@given(st.text(max_size=120), st.text(max_size=200), st.text(max_size=500))
def test_no_name_subject_or_text_can_become_a_header(name: str, subject: str, text: str) -> None:
    content = written(name, subject, text)
    assert sorted(read(content).keys()) == HEADERS
    assert recipient(content) == (on_one_line(name), "leyla@mail.example")
    assert read(content)["Subject"] == on_one_line(subject)


def test_a_name_with_a_line_break_stays_a_name() -> None:
    mail = read(written("Leyla\r\nBcc: victim@mail.example"))
    assert "Bcc" not in mail
    assert mail["To"].addresses[0].display_name == "Leyla Bcc: victim@mail.example"


@pytest.mark.parametrize("address", ["a@b.example", "first.last+tag@sub.mail.example"])
def test_plain_addresses_are_taken(address: str) -> None:
    assert is_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "", "a", "a@b", "a@b.example\n", "a b@c.example", "a@b.example, c@d.example",
        '"a"@b.example', "ü@b.example", "a@-b.example", f"{'a' * 65}@b.example", "a@b..example",
    ],
)  # fmt: skip
def test_other_addresses_are_not(address: str) -> None:
    assert not is_address(address)


def test_a_line_keeps_what_belongs_to_a_name_and_loses_what_does_not() -> None:
    assert on_one_line(" Leyla\t\r\n Öztürk\x00\u202e ") == "Leyla Öztürk"
    persian = "مهدی\u200cزاده"  # noqa: RUF001 - it is Persian
    assert on_one_line(persian) == persian


@pytest.mark.parametrize("url", ["http://mail.example", "mail.example:25", "smtp://"])
def test_an_address_of_no_mail_server_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValidationError, match="must begin with one of smtp, smtp\\+starttls"):
        NotificationsSettings(amqp_url=SECRET, mongodb_url=SECRET, smtp_url=SecretStr(url))
