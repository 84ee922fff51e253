"""The small service with a worker that tells everybody all it knows and then breaks."""

import logging
from dataclasses import replace
from typing import Any

import structlog

from shared.runtime import App, main
from shared.settings import ServiceSettings
from tests.support.books import books


async def tell_and_break(app: App[Any]) -> None:
    """Log every secret in every way, and end with an exception that quotes them."""
    amqp, mongodb = (
        url.get_secret_value() for url in (app.settings.amqp_url, app.settings.mongodb_url)
    )
    log = structlog.get_logger(__name__)
    log.warning("the addresses are", broker=amqp, nested={"of": [mongodb]}, settings=app.settings)
    sentence = f"a sentence with {amqp}"
    log.warning(sentence, password=amqp)
    logging.getLogger("a.client").error("connecting to %s failed", mongodb)
    logging.getLogger("a.client").error("login", exc_info=ValueError(amqp.partition("@")[0]))
    raise ConnectionError(f"neither {amqp} nor {mongodb}") from ValueError(repr(amqp))


if __name__ == "__main__":
    main(
        replace(books(), background=(tell_and_break,)),
        ServiceSettings.from_outside(),
    )
