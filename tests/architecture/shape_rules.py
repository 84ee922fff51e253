"""How files are made: their size, their words, the anatomy of a service, calls in a domain."""

import ast
import re
from collections.abc import Collection, Iterator

from tests.architecture.sources import Source

MOST_LINES = 300
MOST_LINES_IN_A_FUNCTION = 50
MOST_IN_THE_ROOT = 18
WORLDLY = re.compile(
    r"(^|\.)((datetime|date)\.(now|utcnow|today)|time\.(time|monotonic|perf_counter)(_ns)?"
    r"|uuid[14]|token_(hex|bytes|urlsafe)|SystemClock|FileClock)$|^(random|secrets)\.\w+$"
)
WORKPLACE = re.compile(r"/wor[k]/|\bTO[D]O\b|\bFIX[M]E\b|NotImplemented[E]rror")
ADDRESS = re.compile(r"https?:|file:/|git\+|--(extra-)?index|--find-links|--trusted-host|^\s*/")
ALWAYS = ("README.md", "__main__.py", "app.py", "settings.py", "subscribers.py", "store.py",
          "figures.py")  # fmt: skip
PARTS = ("subscribers", "handlers", "domain", "store")

Violations = Iterator[str]


def files_are_short(source: Source) -> Violations:
    """A file that is longer holds more than one thing."""
    if (lines := source.text.count("\n")) > MOST_LINES:
        yield f"{source.path}:1 has {lines} lines, more than {MOST_LINES}"


def functions_are_short(source: Source) -> Violations:
    """A function that is longer does more than one thing."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MOST_LINES_IN_A_FUNCTION:
                yield f"{source.path}:{node.lineno} {node.name} has {lines} lines"


def modules_say_what_they_are_for(source: Source) -> Violations:
    """One docstring per module."""
    if source.tree.body and not ast.get_docstring(source.tree):
        yield f"{source.path}:1 has no docstring"


def the_domain_asks_nobody(source: Source) -> Violations:
    """Time, ids and chance are arguments of a domain."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and WORLDLY.search(called := ast.unparse(node.func)):
            yield f"{source.path}:{node.lineno} calls {called}: pass it in"


def no_words_of_the_workplace(path: str, text: str) -> Violations:
    """What is published is finished, and says nothing of where it was made."""
    for number, line in enumerate(text.splitlines(), start=1):
        if found := WORKPLACE.search(line):
            yield f"{path}:{number} says {found.group()!r}"


def locks_hold_no_address(path: str, text: str) -> Violations:
    """Where packages come from is the machine's affair."""
    for number, line in enumerate(text.splitlines(), start=1):
        if found := ADDRESS.search(line):
            yield f"{path}:{number} holds {found.group()!r}"


def the_root_is_small(paths: Collection[str]) -> Violations:
    """A newcomer sees the project at a glance; hidden files are where their tools want them."""
    entries = sorted({path.partition("/")[0] for path in paths if not path.startswith(".")})
    if len(entries) > MOST_IN_THE_ROOT:
        yield f"the root has {len(entries)} entries: {', '.join(entries)}"


def services_have_the_anatomy(service: str, paths: Collection[str]) -> Violations:
    """Who knows one service knows all: the same files, in each sub-domain the same again."""
    root = f"services/{service}/"
    inside = {path.removeprefix(root) for path in paths if path.startswith(root)}
    for name in ALWAYS:
        if name not in inside:
            yield f"{root}{name} is missing"
    if _has(inside, "", "handlers"):
        homes = [""]
    else:
        packages = {path.partition("/")[0] for path in inside if path.endswith("/__init__.py")}
        homes = [f"{package}/" for package in sorted(packages)] or [""]
    for home in homes:
        for part in PARTS:
            if not _has(inside, home, part):
                yield f"{root}{home}{part} is missing"


def _has(paths: Collection[str], home: str, part: str) -> bool:
    return f"{home}{part}.py" in paths or f"{home}{part}/__init__.py" in paths
