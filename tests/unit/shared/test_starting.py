"""Why a service cannot start: one sentence, with what to look at and without credentials."""

import asyncio
import ssl

import pytest

from shared.starting import CannotStart, explanation, place, reaching

UNTRUSTED = (
    "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer"
    " certificate (_ssl.c:1006)"
)
OTHER_HOST = UNTRUSTED.replace(
    "unable to get local issuer certificate",
    "Hostname mismatch, certificate is not valid for 'localhost'.",
)


@pytest.mark.parametrize(
    ("said", "part"),
    [
        (UNTRUSTED, "is TLS_CA_FILE the authority that signed it?"),
        (OTHER_HOST, "not valid for 'localhost'; the address must name one of the hosts in it"),
        ("[SSL] tlsv13 alert certificate required (_ssl.c:2580)", "is TLS_CLIENT_FILE set"),
        ("[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)", "does not speak TLS"),
    ],
)
def test_trouble_with_tls_comes_with_advice(said: str, part: str) -> None:
    error = ConnectionError("it failed")
    error.__cause__ = ssl.SSLError(1, said)
    assert part in explanation(error)


def test_an_error_that_leads_to_itself_is_explained() -> None:
    first, second = OSError("first"), OSError("second")
    first.__cause__, second.__context__ = second, first
    assert explanation(first) == "first"


def test_a_long_story_is_cut_short() -> None:
    error = OSError("connection refused (configured timeouts: 5 s), Timeout: 5.0s, Topology: ...")
    assert explanation(error) == "connection refused"


def test_silence_has_a_sentence_too() -> None:
    assert explanation(ConnectionError()) == "it closed the connection (ConnectionError)"


def test_a_place_is_named_without_who_logs_in() -> None:
    assert place("amqps://user:p%40ss@broker.example:5671/vhost?heartbeat=1") == (
        "broker.example:5671"
    )


async def test_what_goes_wrong_or_takes_too_long_is_one_kind_of_error() -> None:
    with pytest.raises(CannotStart, match=r"^the broker at broker:5672: refused$"):
        async with reaching("the broker", "amqp://me:secret@broker:5672/", 60):
            raise OSError("refused")
    with pytest.raises(CannotStart, match=r"^the broker at broker:5672: it did not answer"):
        async with reaching("the broker", "amqp://me:secret@broker:5672/", 0.001):
            await asyncio.Event().wait()
