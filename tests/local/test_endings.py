"""However the program that started the servers ends, nothing of them is left running."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from local.errors import LocalServerError
from local.node import PROJECT
from local.processes import marked, wait_until
from local.servers import Servers

PROGRAM = """
import sys, time
from pathlib import Path
from local.servers import Servers
named = dict.fromkeys(sys.argv[2:], "amqp://elsewhere")
with Servers("ending", folder=Path(sys.argv[1]), environment=named) as servers:
    print("ready", flush=True)
    time.sleep(600)
"""
WITHOUT_BROKER = ("AMQP_URL",)


def start_program(folder: Path, *named: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM, str(folder), *named]
    program = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert program.stdout is not None
    with program.stdout:
        assert program.stdout.readline() == "ready\n"
    return program


def processes_below(folder: Path) -> list[int]:
    names = ("rabbitmq", "mongodb", "mailbox")
    return [pid for name in names for pid in marked(folder / "ending" / name)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_servers_before_the_program_ends(
    tmp_path: Path, number: signal.Signals
) -> None:
    program = start_program(tmp_path, *WITHOUT_BROKER)
    assert processes_below(tmp_path)
    program.send_signal(number)
    assert program.wait(30) != 0
    assert processes_below(tmp_path) == []


def test_kill_9_of_the_program_leaves_no_server_behind(tmp_path: Path) -> None:
    program = start_program(tmp_path)
    names = {Path(f"/proc/{pid}/comm").read_text().strip() for pid in processes_below(tmp_path)}
    assert {"beam.smp", "epmd", "mongod"} <= names
    program.kill()
    program.wait()
    wait_until(lambda: not processes_below(tmp_path), "the servers to end", 30)


def test_kill_9_of_a_guard_ends_its_server_too(tmp_path: Path) -> None:
    named = dict.fromkeys(("AMQP_URL", "MONGODB_URL"), "elsewhere")
    with Servers("ending", folder=tmp_path, environment=named) as servers:
        os.kill(servers.mailbox.values["guard"], signal.SIGKILL)
        wait_until(lambda: not processes_below(tmp_path), "the mailbox to end", 10)
        servers.start()
        assert servers.mailbox.counts()["mails"] == 0


def test_a_failure_inside_the_block_stops_the_servers(tmp_path: Path) -> None:
    named = dict.fromkeys(WITHOUT_BROKER, "amqp://elsewhere")
    with (
        pytest.raises(ZeroDivisionError),
        Servers("ending", folder=tmp_path, environment=named),
    ):
        raise ZeroDivisionError
    assert processes_below(tmp_path) == []


def test_a_server_that_cannot_start_is_named_and_the_others_are_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.mongodb.ensure_mongod", lambda: Path("/bin/false"))
    named = dict.fromkeys(WITHOUT_BROKER, "amqp://elsewhere")
    with pytest.raises(LocalServerError, match=r"MongoDB ended while starting.*log: "):
        Servers("ending", folder=tmp_path, environment=named).start()
    assert processes_below(tmp_path) == []


def test_servers_that_another_program_uses_are_not_emptied(tmp_path: Path) -> None:
    named = dict.fromkeys(("AMQP_URL", "MONGODB_URL"), "elsewhere")
    with (
        Servers("ending", folder=tmp_path, environment=named),
        pytest.raises(LocalServerError, match="in use"),
    ):
        Servers("ending", folder=tmp_path, environment=named, fresh=True).start()
