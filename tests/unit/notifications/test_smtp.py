"""What a mail server's refusal means, and what of it may be told."""

import pytest
from aiosmtplib import SMTPDataError, SMTPRecipientRefused, SMTPSenderRefused
from pydantic import SecretStr

from services.notifications.contracts import Outcome
from services.notifications.settings import NotificationsSettings
from services.notifications.smtp import REFUSALS, client_for, meaning_of


@pytest.mark.parametrize(
    ("answer", "outcome", "reason"),
    [
        (
            SMTPRecipientRefused(
                550, "5.1.1 <leyla@mail.example> is unknown", "leyla@mail.example"
            ),
            Outcome.PERMANENT,
            "the mail server refused the recipient (550 5.1.1)",
        ),
        (
            SMTPSenderRefused(421, "closing", "us@mail.example"),
            Outcome.TEMPORARY,
            "the mail server refused the sender (421)",
        ),
        (
            SMTPDataError(452, "4.3.1 full"),
            Outcome.TEMPORARY,
            "the mail server refused the mail (452 4.3.1)",
        ),
    ],
)
def test_a_refusal_is_told_by_its_codes_alone(
    answer: SMTPDataError, outcome: Outcome, reason: str
) -> None:
    assert isinstance(answer, REFUSALS)
    result = meaning_of(answer)
    assert (result.outcome, result.reason) == (outcome, reason)


@pytest.mark.parametrize(
    ("url", "port", "secured"),
    [
        ("smtp://mail.example", 25, (False, False)),
        ("smtp+starttls://mail.example", 587, (False, True)),
        ("smtps://mail.example:4650", 4650, (True, False)),
    ],
)
def test_the_scheme_says_how_the_line_is_secured(
    url: str, port: int, secured: tuple[bool, bool]
) -> None:
    client = client_for(_settings(url))
    assert client.port == port
    assert (client.use_tls, client._start_tls_on_connect) == secured  # noqa: SLF001 - no other name


def test_user_and_password_may_hold_any_character() -> None:
    client = client_for(_settings("smtps://b%C3%BCro%40x:p%2Fw@mail.example"))
    assert (client._login_username, client._login_password) == ("büro@x", "p/w")  # noqa: SLF001


def _settings(url: str) -> NotificationsSettings:
    secret = SecretStr("amqp://a:b@c/")
    return NotificationsSettings(amqp_url=secret, mongodb_url=secret, smtp_url=SecretStr(url))
