"""The filters that the commands about dead letters have in common, and what they mean."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from shared.messaging.history import seconds_of

OPTIONS = {
    "service": typer.Option(help="Only of this service."),
    "reason": typer.Option(help="Only those whose reason contains this."),
    "kind": typer.Option(
        help="Only of this kind: poison, error, 'retries used up', 'given up' by the broker,"
        " unroutable."
    ),
    "handler": typer.Option(help="Only of this handler."),
    "type_": typer.Option("--type", help="Only of this type of message."),
    "sender": typer.Option(help="Only of this partner."),
    "message": typer.Option(help="Only with this id, as its sender knows it."),
    "older": typer.Option(help="Only parked longer ago than this: 30m, 1h, 7D."),
    "newer": typer.Option(help="Only parked within this time."),
}
DIRECTLY = {"reason": "reason", "kind": "kind", "handler": "handler", "type_": "type",
            "sender": "sender", "message": "message"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filters:
    """What the person chose, by the names of the options."""

    given: dict[str, str]

    @property
    def service(self) -> str:
        return self.given["service"]

    @property
    def empty(self) -> bool:
        return not any(self.given.values())

    @property
    def query(self) -> dict[str, str]:
        """As a service understands them; raises `typer.BadParameter`."""
        query = {
            name: self.given[option] for option, name in DIRECTLY.items() if self.given[option]
        }
        for option in ("older", "newer"):
            if self.given[option]:
                query[option] = self._seconds(option)
        return query

    def _seconds(self, option: str) -> str:
        seconds = seconds_of(self.given[option])
        if seconds is None:
            raise typer.BadParameter("a time back is written 30m, 1h, 7D", param_hint=f"--{option}")
        return str(seconds)


def filtered(command: Callable[..., None]) -> Callable[..., None]:
    """The command with an option for each filter; it gets them together, as `filters`."""
    own = [
        each for each in inspect.signature(command).parameters.values() if each.name != "filters"
    ]
    options = [
        inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default="", annotation=Annotated[str, option]
        )
        for name, option in OPTIONS.items()
    ]

    def with_filters(**given: Any) -> None:
        command(filters=Filters({name: given.pop(name) for name in OPTIONS}), **given)

    parameters = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in [*own, *options]]
    with_filters.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    with_filters.__annotations__ = {each.name: each.annotation for each in parameters}
    with_filters.__name__, with_filters.__doc__ = command.__name__, command.__doc__
    return with_filters
