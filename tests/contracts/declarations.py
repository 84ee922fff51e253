"""What a service's code says with contracts, compared with what the service declares."""

import ast
from collections.abc import Collection, Iterator

from shared.contracts import Contract, Exchange

LEAVING = frozenset({Exchange.EVENTS, Exchange.REPLIES, Exchange.PRIVATE})
"""Where services publish."""


def made(source: str, names: Collection[str]) -> Iterator[tuple[int, str]]:
    """Line and name of each call that makes one of these contracts."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (name := _last_name(node.func)) in names:
            yield node.lineno, name


def mentioned(source: str) -> set[str]:
    """Every name that a source uses, wherever it stands."""
    return {_last_name(node) for node in ast.walk(ast.parse(source))}


def undeclared(
    source: str, contracts: Collection[type[Contract]], declared: Collection[type[Contract]]
) -> Iterator[str]:
    """A sentence for each place that makes what the service may not publish."""
    leaving = {each.__name__ for each in contracts if each.wire.exchange in LEAVING}
    allowed = {each.__name__ for each in declared}
    for line, name in made(source, leaving - allowed):
        yield f"line {line} makes {name}, which the service does not declare in its `publishes`"


def _last_name(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""
