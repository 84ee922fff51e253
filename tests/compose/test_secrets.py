"""`willkommen secrets` makes passwords once; `willkommen setup` says what it misses."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from shared.setup import Access, SetupError
from willkommen.commands import app
from willkommen.commands.setup import hand_out, read_partners
from willkommen.secrets_folder import BROKER_LIMITS, SecretsFolder
from willkommen.system import SERVICES, topology

PARTNERS = [{"id": "kifa", "publishes": ["referral"]}]
MINE_ALONE = 0o600
SERVICES_FILES = {"amqp_url", "mongodb_url", "mongodb_database"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = CliRunner().invoke(app, ["secrets", str(tmp_path / "secrets")])
    assert made.exit_code == 0, made.output
    return tmp_path / "secrets"


@pytest.fixture
def partners(tmp_path: Path) -> Path:
    file = tmp_path / "partners.json"
    file.write_text(json.dumps(PARTNERS))
    return file


def files(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


def texts(folder: Path) -> dict[str, str]:
    return {str(file.relative_to(folder)): file.read_text() for file in files(folder)}


def test_a_second_time_changes_nothing(folder: Path) -> None:
    before = texts(folder)
    CliRunner().invoke(app, ["secrets", str(folder)])
    assert before == texts(folder)
    assert before


def test_limits_are_brought_up_to_date(folder: Path) -> None:
    before = texts(folder)
    (folder / BROKER_LIMITS).write_text("of an older version\n")
    CliRunner().invoke(app, ["secrets", str(folder)])
    assert before == texts(folder)


def test_only_the_owner_reads_them(folder: Path) -> None:
    assert {file.stat().st_mode & 0o777 for file in files(folder)} == {MINE_ALONE}


def test_the_addresses_of_the_administrator_follow(folder: Path) -> None:
    place = SecretsFolder(folder)
    password = (folder / "mongodb/password").read_text()
    assert f"mongodb://admin:{password}@somewhere:27017/" in place.mongodb_admin("somewhere")
    amqp, management = place.rabbitmq_admin("somewhere")
    assert amqp.endswith("@somewhere:5672/")
    assert management.endswith("@somewhere:15672")


def test_every_user_gets_addresses_of_its_own(folder: Path, partners: Path) -> None:
    access = Access("amqp://host:5672/", "http://host:15672", "mongodb://host:27017/")
    layout = topology(read_partners(partners))
    hand_out(SecretsFolder(folder), access, layout)
    users = {path.name: {file.name for file in path.iterdir()} for path in folder.glob("users/*")}
    assert users.keys() == set(layout.users)
    assert users["kifa"] == {"amqp_url"}
    assert all(users[service] == SERVICES_FILES for service in SERVICES)


def test_with_an_authority_all_addresses_are_encrypted(folder: Path, partners: Path) -> None:
    place, authority = SecretsFolder(folder), folder / "ca.pem"
    amqp, management = place.rabbitmq_admin("somewhere", authority)
    assert amqp.startswith("amqps://")
    assert amqp.endswith("@somewhere:5671/")
    assert management.startswith("https://")
    assert management.endswith("@somewhere:15671")
    access = Access(amqp, management, place.mongodb_admin("somewhere", authority))
    hand_out(place, access, topology(read_partners(partners)))
    for user in ("matching", "kifa"):
        assert (folder / f"users/{user}/amqp_url").read_text().startswith(f"amqps://{user}:")
    mongodb = (folder / "users/matching/mongodb_url").read_text()
    assert "tls=true" in mongodb
    assert "ca.pem" not in mongodb, "where the file lies is each service's own affair"


def test_a_prefix_goes_before_users_and_databases(folder: Path, partners: Path) -> None:
    servers = ("amqp://host:5672/", "http://host:15672", "mongodb://host:27017/")
    access = Access(*servers, vhost="test", prefix="test_", user_prefix="test_")
    hand_out(SecretsFolder(folder), access, topology(read_partners(partners)))
    assert (folder / "users/kifa/amqp_url").read_text().startswith("amqp://test_kifa:")
    assert (folder / "users/matching/mongodb_database").read_text() == "test_matching"


def test_a_set_up_without_passwords_says_how_to_make_them(tmp_path: Path, partners: Path) -> None:
    options = [f"--partners={partners}", f"--secrets={tmp_path}"]
    outcome = CliRunner().invoke(app, ["setup", *options])
    assert isinstance(outcome.exception, SetupError)
    assert "willkommen secrets" in str(outcome.exception)


def test_an_unknown_user_gets_no_new_password(folder: Path, partners: Path) -> None:
    options = [f"--partners={partners}", f"--secrets={folder}", "--renew=nobody"]
    outcome = CliRunner().invoke(app, ["setup", *options])
    assert outcome.exit_code == 2
    assert "nobody" in outcome.output
