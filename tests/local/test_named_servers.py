"""Servers that the environment names are used, and nothing is started beside them."""

from pathlib import Path

import pytest

from local.servers import Servers, management_beside

NAMED = {
    "AMQP_URL": "amqp://somebody:secret@broker.example:5673/",
    "MONGODB_URL": "mongodb://somebody:secret@database.example/?replicaSet=rs0",
    "SMTP_URL": "smtp://mail.example:587",
}


def test_named_servers_are_used_and_none_is_started(tmp_path: Path) -> None:
    with Servers(folder=tmp_path, environment=NAMED) as servers:
        assert servers.nodes == []
        assert servers.amqp_admin_url == NAMED["AMQP_URL"]
        assert servers.mongodb_admin_url == NAMED["MONGODB_URL"]
        assert (servers.smtp_host, servers.smtp_port) == ("mail.example", 587)


def test_the_management_api_can_be_named(tmp_path: Path) -> None:
    environment = NAMED | {"RABBITMQ_API_URL": "https://somebody:secret@api.example"}
    servers = Servers(folder=tmp_path, environment=environment)
    assert servers.management_url == "https://somebody:secret@api.example"


@pytest.mark.parametrize(
    ("amqp", "management"),
    [
        ("amqp://a:b@host:5673/vhost", "http://a:b@host:15672"),
        ("amqps://a:b@host", "https://a:b@host:15671"),
        ("amqp://host", "http://guest:guest@host:15672"),
    ],
)
def test_the_management_api_is_looked_for_beside_the_broker(amqp: str, management: str) -> None:
    assert management_beside(amqp) == management


def test_an_empty_name_counts_as_none(tmp_path: Path) -> None:
    servers = Servers(folder=tmp_path, environment=dict.fromkeys(NAMED, ""))
    assert len(servers.nodes) == 3
