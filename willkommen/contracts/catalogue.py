"""The event catalogue as a page: who publishes what, what it means, who listens.

Everything in it follows from the contracts and from the services' subscriptions.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared.contracts import Contract, Exchange
from shared.parts import Parts
from willkommen.contracts.fields import Shapes, sentence
from willkommen.contracts.published import name_of, version_of

INTRODUCTION = """\
# Events

Every message that travels between partners, staff and services. This page is written by
`willkommen contracts write` from the contracts in `shared/contracts` and the services'
subscriptions; to change it, change those.

A message is a CloudEvent 1.0 in binary mode: JSON in the body, the attributes as headers `ce-id`,
`ce-source`, `ce-type`, `ce-time`, `ce-subject`, and as extensions `ce-correlationid` (the message
with which it began), `ce-causationid` (the message that led to this one) and
`ce-dataclassification`. Fields that a reader does not know are ignored.

A name and a version make the type: `household.registered`, version 1, is
`willkommen.household.registered.v1`. A published version never changes; its schema and examples are
kept for ever in [`contracts/`](../contracts).

| exchange | routing key | data |
| --- | --- | --- |
| `intake` | `<aggregate>.<partner>.<verb>`, such as `referral.zeytin.submitted` | personal |
| `replies` | the partner's id | internal |
| `commands` | the type | personal or internal |
| `events` | the type; all of them also go to the stream `events.history` | public or internal |
| `private` | `notifications` | personal |
"""
PARTNERS = "partners"
STAFF = "staff"
_PUBLISHERS = {Exchange.INTAKE: PARTNERS, Exchange.COMMANDS: STAFF}
_ORDER = (Exchange.INTAKE, Exchange.COMMANDS, Exchange.EVENTS, Exchange.REPLIES, Exchange.PRIVATE)


@dataclass(frozen=True)
class Catalogue:
    """The published contracts and the services that publish them and listen to them."""

    contracts: Mapping[str, type[Contract]]
    services: Mapping[str, Parts[Any]]

    def document(self) -> str:
        """The whole page."""
        shapes = Shapes(self.contracts.values())
        return "\n".join(
            [
                INTRODUCTION,
                *self._tables(),
                "## Details\n",
                *(line for kind in self._in_order() for line in self._details(kind, shapes)),
                *shapes.section(),
            ]
        )

    def publishers(self, kind: str) -> list[str]:
        """Who publishes a type."""
        exchange = self.contracts[kind].wire.exchange
        if exchange in _PUBLISHERS:
            return [_PUBLISHERS[exchange]]
        contract = self.contracts[kind]
        return [name for name, parts in self.services.items() if contract in parts.publishes]

    def listeners(self, kind: str) -> list[str]:
        """Who listens to a type; the history stream is left out."""
        if self.contracts[kind].wire.exchange is Exchange.REPLIES:
            return ["the partner"]
        return [
            name for name, parts in self.services.items() if kind in parts.subscriptions.contracts
        ]

    def _in_order(self) -> list[str]:
        return sorted(self.contracts)

    def _tables(self) -> Iterator[str]:
        """One table per publisher, by exchange in the order in which a message meets them."""
        for publisher in (PARTNERS, STAFF, *self.services):
            kinds = [kind for kind in self._in_order() if publisher in self.publishers(kind)]
            kinds.sort(key=lambda kind: _ORDER.index(self.contracts[kind].wire.exchange))
            if kinds:
                yield f"## What {publisher} {_verb(publisher)}\n"
                yield "| message | meaning | exchange | about | data | who listens |"
                yield "| --- | --- | --- | --- | --- | --- |"
                yield from (self._row(kind) for kind in kinds)
                yield ""

    def _row(self, kind: str) -> str:
        contract, wire = self.contracts[kind], self.contracts[kind].wire
        cells = [
            f"[{name_of(kind)}](#{_anchor(kind)})",
            sentence(contract),
            f"`{wire.exchange}`",
            f"`{wire.subject}`",
            wire.classification.value,
            ", ".join(self.listeners(kind)) or "history",
        ]
        return f"| {' | '.join(cells)} |"

    def _details(self, kind: str, shapes: Shapes) -> Iterator[str]:
        contract, wire = self.contracts[kind], self.contracts[kind].wire
        yield f"### {_title(kind)}\n"
        yield f"{sentence(contract, whole=True)}\n"
        readers = " and ".join(self.listeners(kind)) or "the history alone"
        yield (
            f"From {' and '.join(self.publishers(kind))}, over `{wire.exchange}`, to {readers};"
            f" {wire.classification} data about `{wire.subject}` ·"
            f" [schema](../contracts/schemas/{kind}.json) ·"
            f" [examples](../contracts/examples/{kind}.json)\n"
        )
        yield from shapes.table(contract)


def _title(kind: str) -> str:
    return f"{name_of(kind)} {version_of(kind)}"


def _anchor(kind: str) -> str:
    """The anchor that a heading gets on the usual code hosts."""
    return _title(kind).replace(".", "").replace(" ", "-")


def _verb(publisher: str) -> str:
    return {PARTNERS: "send", STAFF: "decide"}.get(publisher, "publishes")
