"""The compose file and the Dockerfile as the tests look at them."""

import re
from collections.abc import Iterable
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.architecture.sources import OURS, PROJECT, sources
from willkommen.system import SERVICES

COMPOSE = PROJECT / "docker-compose.yml"
DOCKERFILE = PROJECT / "Dockerfile"
COPY = re.compile(r"^COPY (\S+) ", re.MULTILINE)
PINNED = re.compile(r"[\w./-]+:v?\d+(\.\d+)*(-[\w.-]+)?")
HOME = "/run/willkommen"


@cache
def compose() -> dict[str, Any]:
    """The compose file with its merges resolved."""
    read: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return read


def containers() -> dict[str, dict[str, Any]]:
    """All services of the compose file by name."""
    named: dict[str, dict[str, Any]] = compose()["services"]
    return named


def own_volume(service: str) -> str:
    """The volume of a service's credentials."""
    return f"{service}-secrets"


def mounts(container: str) -> dict[str, str]:
    """What a container mounts: volume to place, `:ro` included."""
    listed = [each.partition(":") for each in containers()[container].get("volumes", [])]
    return {volume: place for volume, _, place in listed}


def servers() -> list[str]:
    """Containers that run somebody else's image."""
    return [name for name, each in containers().items() if "build" not in each]


def copied(dockerfile: str) -> set[str]:
    """What the image takes from the project."""
    return set(COPY.findall(dockerfile))


def missing_packages(dockerfile: str) -> set[str]:
    """Our packages that the image's packages import and the image has not."""
    packages = copied(dockerfile) & OURS
    wanted = {
        each.name.partition(".")[0]
        for package in packages | {"services"}
        for source in sources(f"{package}/")
        for each in source.imports
    }
    return (wanted & OURS | {"services"}) - packages


def kept_away(paths: Iterable[str], ignore: Path = PROJECT / ".dockerignore") -> list[str]:
    """The paths that the file for ignoring keeps away from the build."""
    rules = [line for line in ignore.read_text().splitlines() if line.strip()]
    return [path for path in paths if _ignored(path, rules)]


def _ignored(path: str, rules: list[str]) -> bool:
    ignored = False
    for rule in rules:
        pattern = rule.removeprefix("!")
        if fnmatch(path, pattern) or path.startswith(f"{pattern}/"):
            ignored = not rule.startswith("!")
    return ignored


def services() -> list[str]:
    """The services that the system has."""
    return sorted(SERVICES)
