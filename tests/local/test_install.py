"""What is missing and cannot be installed is said in one sentence with the command that helps."""

from pathlib import Path

import pytest

from local import install
from local.errors import LocalServerError


def test_without_permission_the_sentence_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "RABBITMQ_SERVER", Path("/nowhere/rabbitmq-server"))
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(LocalServerError, match=r"sudo apt-get install .* rabbitmq-server$"):
        install.ensure_rabbitmq()


def test_a_missing_mongod_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "MONGOD_WHEEL", "there-is-no-such-package")
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(LocalServerError, match="pip install"):
        install.ensure_mongod()


@pytest.mark.parametrize(
    ("machine", "libc", "sentence"),
    [
        ("aarch64", ("glibc", "2.36"), "x86-64 processor, not aarch64"),
        ("x86_64", ("glibc", "2.31"), "glibc 2.35 or later, this system has 2.31"),
        ("x86_64", ("glibc", "2.36"), "no reason given"),
    ],
)
def test_a_mongod_that_cannot_run_says_why(
    monkeypatch: pytest.MonkeyPatch, machine: str, libc: tuple[str, str], sentence: str
) -> None:
    monkeypatch.setattr("platform.machine", lambda: machine)
    monkeypatch.setattr("platform.libc_ver", lambda: libc)
    monkeypatch.setattr(install, "_mongod_in_wheel", lambda: Path("/bin/false"))
    with pytest.raises(LocalServerError, match=sentence):
        install.ensure_mongod()


def test_a_missing_library_of_mongod_names_its_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mongod = tmp_path / "mongod"
    mongod.write_text("#!/bin/sh\necho 'mongod: libcurl.so.4: cannot open shared' >&2; exit 127\n")
    mongod.chmod(0o755)
    monkeypatch.setattr(install, "_mongod_in_wheel", lambda: mongod)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(LocalServerError, match=r"sudo apt-get install .* libcurl4$"):
        install.ensure_mongod()


def test_mongod_of_the_environment_runs_here() -> None:
    assert install.ensure_mongod().name == "mongod"
