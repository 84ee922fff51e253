"""Which contracts are published: all that travel over the broker, by wire type."""

from shared.contracts import Contract, Exchange, catalogue

HOME = "shared.contracts."


def published() -> dict[str, type[Contract]]:
    """The contracts of the system by type; what a service tells only itself is left out."""
    return {
        kind: contract
        for kind, contract in sorted(catalogue.items())
        if contract.wire.exchange is not Exchange.LOCAL and contract.__module__.startswith(HOME)
    }


def version_of(kind: str) -> int:
    """The version at the end of a wire type."""
    return int(kind.rpartition(".v")[2])


def name_of(kind: str) -> str:
    """The short name of a wire type: aggregate and fact."""
    return kind.removeprefix("willkommen.").rpartition(".v")[0]
