"""The compose file runs every service: in order, with its own credentials, on pinned images."""

import re
import shutil
import subprocess
from typing import Any

import pytest

from local.containers import MONGODB_IMAGE, RABBITMQ_IMAGE
from tests.compose.files import (
    COMPOSE,
    DOCKERFILE,
    HOME,
    PINNED,
    compose,
    containers,
    copied,
    kept_away,
    missing_packages,
    mounts,
    own_volume,
    servers,
    services,
)
from willkommen.processes import ALLOCATOR

COMPLETED, HEALTHY = "service_completed_successfully", "service_healthy"
NEEDED_ONCE = {"secrets", "setup"}


def conditions(container: str) -> dict[str, str]:
    depends: dict[str, dict[str, str]] = containers()[container].get("depends_on", {})
    return {name: each["condition"] for name, each in depends.items()}


def dockerfile() -> str:
    return DOCKERFILE.read_text()


@pytest.fixture(params=services())
def service(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def container(service: str) -> dict[str, Any]:
    return containers()[service]


def test_there_is_a_container_for_every_service_and_no_other() -> None:
    assert containers().keys() - NEEDED_ONCE - set(servers()) == set(services())


def test_a_service_is_built_from_its_argument(service: str, container: dict[str, Any]) -> None:
    assert container["build"] == {"context": ".", "args": {"SERVICE": service}}
    assert container["image"] == f"willkommen-{service}"


def test_a_service_starts_when_everything_is_set_up(service: str) -> None:
    assert conditions(service) == {"setup": COMPLETED}


def test_the_set_up_waits_for_servers_and_servers_for_passwords() -> None:
    assert conditions("setup") == {"rabbitmq": HEALTHY, "mongodb": HEALTHY}
    assert conditions("rabbitmq") == conditions("mongodb") == {"secrets": COMPLETED}


def test_a_service_is_watched(container: dict[str, Any]) -> None:
    assert "healthcheck" not in container, "the image has one"
    assert '"python", "-m", "shared.observability.probe"' in dockerfile()


@pytest.mark.parametrize("server", servers())
def test_a_server_is_watched(server: str) -> None:
    assert containers()[server]["healthcheck"]["test"]


def test_what_runs_for_ever_comes_back() -> None:
    for name in containers().keys() - NEEDED_ONCE:
        assert containers()[name]["restart"] == "unless-stopped", name


def test_a_service_may_run_several_times(container: dict[str, Any]) -> None:
    assert not {"container_name", "hostname", "ports"} & container.keys()


def test_a_service_reads_its_own_credentials(service: str, container: dict[str, Any]) -> None:
    place = f"{HOME}/users/{service}"
    assert mounts(service) == {own_volume(service): f"{place}:ro"}
    assert container["environment"]["SECRETS_DIR"] == place
    assert mounts("setup")[own_volume(service)] == place


@pytest.mark.parametrize("server", ["rabbitmq", "mongodb"])
def test_a_server_reads_its_own_credentials(server: str) -> None:
    assert mounts(server).keys() == {own_volume(server), server}
    assert mounts(server)[own_volume(server)].endswith(":ro")
    assert mounts("secrets")[own_volume(server)] == f"{HOME}/{server}"
    assert mounts("setup")[own_volume(server)] == f"{HOME}/{server}:ro"


def test_the_partners_credentials_are_for_the_set_up_alone() -> None:
    assert {name for name in containers() if "secrets" in mounts(name)} == NEEDED_ONCE


def test_all_volumes_are_named() -> None:
    assert {volume for name in containers() for volume in mounts(name)} == compose()[
        "volumes"
    ].keys()


def test_no_environment_holds_a_password() -> None:
    names = [name for each in containers().values() for name in each.get("environment", {})]
    secret = [name for name in names if re.search("PASS|SECRET|AMQP_URL|MONGODB_URL", name)]
    assert all(name.endswith(("_FILE", "_DIR")) for name in secret), secret


def test_only_this_machine_reaches_the_ports() -> None:
    ports = [port for each in containers().values() for port in each.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports), ports


def test_a_service_runs_without_rights(container: dict[str, Any]) -> None:
    assert container["cap_drop"] == ["ALL"]
    assert container["read_only"] is True
    assert "user" not in container
    assert re.findall(r"^USER (\S+)$", dockerfile(), re.MULTILINE) == ["willkommen"]


def test_images_are_pinned() -> None:
    images = [containers()[server]["image"] for server in servers()]
    bases = re.findall(r"^FROM (\S+)", dockerfile(), re.MULTILINE)
    assert [image for image in (*images, *bases) if not PINNED.fullmatch(image)] == []
    assert {RABBITMQ_IMAGE, MONGODB_IMAGE} <= set(images), "tests use the same"


@pytest.mark.parametrize("image", ["mongo", "mongo:latest", "rabbitmq:management"])
def test_an_image_that_is_not_pinned_is_found(image: str) -> None:
    assert not PINNED.fullmatch(image)


def test_a_service_keeps_memory_in_the_image_as_it_does_without() -> None:
    told = re.findall(r"^ENV (MALLOC_\w+)=(.+)$", dockerfile(), re.MULTILINE)
    assert dict(told) == ALLOCATOR


def test_the_image_has_every_package_that_it_imports() -> None:
    assert missing_packages(dockerfile()) == set()


def test_a_package_that_the_image_lacks_is_found() -> None:
    assert missing_packages(dockerfile().replace("COPY shared ", "# ")) == {"shared"}


def test_nothing_that_the_image_takes_is_kept_away() -> None:
    assert kept_away(copied(dockerfile())) == []
    assert kept_away([".git/config", ".local/run/state", "tests/run.py"])


def test_compose_itself_takes_the_file() -> None:
    program = shutil.which("docker-compose")
    if not program:
        pytest.skip("docker-compose is not installed")
    subprocess.run([program, "-f", str(COMPOSE), "config", "--quiet"], check=True)
