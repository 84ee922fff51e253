"""A delivery as a mail: readable in every script, and nothing in it can become a header."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

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
    letter = Letter(on_one_line(name), "leyla@mail.example", on_one_line(subject), text)
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


def test_the_date_is_local_and_the_id_follows_from_the_delivery() -> None:
    mail = read(written("Leyla"))
    assert mail["Date"] == "Fri, 01 Jul 2016 10:00:00 +0200"
    assert mail["Message-ID"] == "<2f1c@willkommen.example>"
    assert written("Leyla") == written("Leyla")


@pytest.mark.parametrize("name", ["Leyla Yılmaz", "محمد علي", "Дарина, Д.", 'A "B" C', "李 小龙"])
def test_names_of_every_script_arrive(name: str) -> None:
    mail = read(written(name, subject=f"Für {name}", text=f"Guten Tag {name}\n"))
    [recipient] = mail["To"].addresses
    assert recipient.display_name == name
    assert recipient.addr_spec == "leyla@mail.example"
    assert mail["Subject"] == f"Für {name}"
    assert mail.get_content().splitlines() == [f"Guten Tag {name}"]


@given(st.text(max_size=120), st.text(max_size=200), st.text(max_size=500))
def test_no_name_subject_or_text_can_become_a_header(name: str, subject: str, text: str) -> None:
    mail = read(written(name, subject, text))
    assert sorted(mail.keys()) == HEADERS
    assert [each.addr_spec for each in mail["To"].addresses] == ["leyla@mail.example"]


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
    assert on_one_line(" Leyla\t\r\n Yılmaz\x00\u202e ") == "Leyla Yılmaz"
    assert on_one_line("مهدی\u200cزاده") == "مهدی\u200cزاده"


@pytest.mark.parametrize("url", ["http://mail.example", "mail.example:25", "smtp://"])
def test_an_address_of_no_mail_server_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValidationError, match="must begin with one of smtp, smtp\\+starttls"):
        NotificationsSettings(amqp_url=SECRET, mongodb_url=SECRET, smtp_url=SecretStr(url))
