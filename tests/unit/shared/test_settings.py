"""What a service can be told from outside, and how it says that it was told wrong."""

from pathlib import Path

import pytest

from shared.messaging.gate import Rate
from shared.settings import ServiceSettings

GOOD = {
    "AMQP_URL": "amqp://books:se%2Fcret@127.0.0.1:5672/willkommen",
    "MONGODB_URL": "mongodb://books:se%2Fcret@one:27017,two:27017/books?authSource=books",
}


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment in which everything that is needed is set."""
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def refusal() -> str:
    """What a service says to settings that it cannot take."""
    with pytest.raises(SystemExit) as ended:
        ServiceSettings.from_outside()
    return str(ended.value.code)


def test_addresses_are_enough(outside: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    settings = ServiceSettings.from_outside()
    assert settings.rates.of("zeytin") == Rate(600, 3_000)
    assert settings.tls.options() == {}
    assert "se%2Fcret" not in repr(settings)


def test_other_rates_may_be_agreed(outside: pytest.MonkeyPatch) -> None:
    outside.setenv("INTAKE_PER_MINUTE", "60")
    outside.setenv("INTAKE_RATES", '{"klinikum": {"per_minute": 0, "burst": 1}}')
    rates = ServiceSettings.from_outside().rates
    assert rates.of("klinikum") == Rate(0, 1)
    assert rates.of("zeytin") == Rate(60, 3_000)


def test_what_is_missing_is_named_and_what_is_there_is_not_quoted(
    outside: pytest.MonkeyPatch,
) -> None:
    outside.delenv("MONGODB_URL")
    outside.setenv("INTAKE_BURST", "se%2Fcret")
    said = refusal()
    assert "MONGODB_URL: Field required" in said
    assert "INTAKE_BURST: " in said
    assert "se%2Fcret" not in said


@pytest.mark.parametrize(
    "address",
    [
        "",
        "amqp://",
        "books:secret@host",
        "http://books:secret@host/",
        "amqp://books:sec/ret@host:5672/willkommen",
        "amqp://books:sec@ret@host:5672/willkommen",
        "amqp://books:sec#ret@host:5672/willkommen",
        "amqp://books:sec:ret@host:5672/willkommen",
        "amqp://books:secret@host:port/willkommen",
        "amqp://books:sec ret@host:5672/willkommen",
    ],
)
def test_an_address_that_is_none_is_refused_without_a_word_of_it(
    outside: pytest.MonkeyPatch, address: str
) -> None:
    outside.setenv("AMQP_URL", address)
    said = refusal()
    assert said.startswith("AMQP_URL: Value error, not an address like scheme://")
    assert "secret" not in said
    assert "sec" not in said.replace("second", "")


@pytest.mark.parametrize(
    "address",
    [
        "amqp://host",
        "amqp://u:p@[::1]:5672/",
        "amqps://run_books:p@broker.example:5671/%2F?heartbeat=10&cafile=/etc/ca.pem",
    ],
)
def test_addresses_may_have_less_and_more(outside: pytest.MonkeyPatch, address: str) -> None:
    outside.setenv("AMQP_URL", address)
    assert ServiceSettings.from_outside().amqp_url.get_secret_value() == address


def test_an_authority_needs_an_encrypted_address(
    outside: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "ca.pem"
    file.touch()
    outside.setenv("TLS_CA_FILE", str(file))
    assert "need an AMQP_URL with amqps://" in refusal()
    outside.setenv("AMQP_URL", GOOD["AMQP_URL"].replace("amqp", "amqps"))
    assert "TLS_CA_FILE or TLS_CLIENT_FILE is of no use" in refusal()
    outside.setenv("TLS_CA_FILE", str(tmp_path / "missing.pem"))
    assert refusal().startswith("TLS_CA_FILE: ")
