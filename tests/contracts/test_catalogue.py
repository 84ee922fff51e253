"""docs/events.md says what is so: it is written from the contracts and the subscriptions."""

import re

from tests.contracts.made_up import KiteFlown
from willkommen.commands.contracts import upkeep
from willkommen.contracts.catalogue import Catalogue
from willkommen.contracts.published import published
from willkommen.system import SERVICES

PAGE = upkeep().events_file.read_text()
CATALOGUE = Catalogue(published(), SERVICES)


def test_the_page_is_up_to_date() -> None:
    assert CATALOGUE.document() == PAGE, "run `willkommen contracts write`"


def test_a_new_contract_makes_the_page_out_of_date() -> None:
    more = published() | {KiteFlown.wire.type: KiteFlown}
    assert Catalogue(more, SERVICES).document() != PAGE


def test_every_message_has_a_publisher_and_every_publisher_a_table() -> None:
    for kind in published():
        publishers = CATALOGUE.publishers(kind)
        assert publishers, f"nobody publishes {kind}"
        for publisher in publishers:
            assert f"## What {publisher} " in PAGE


def test_every_message_but_facts_has_a_listener() -> None:
    unheard = [
        kind
        for kind, contract in published().items()
        if contract.wire.exchange != "events" and not CATALOGUE.listeners(kind)
    ]
    assert unheard == []


def test_every_link_leads_somewhere() -> None:
    headings = re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", PAGE)) <= anchors
    for path in re.findall(r"\]\(\.\./([^)]+)\)", PAGE):
        assert (upkeep().project / path).exists(), path


def test_the_training_reaches_matching() -> None:
    kind = "willkommen.training.completed.v1"
    assert CATALOGUE.publishers(kind) == ["network"]
    assert CATALOGUE.listeners(kind) == ["matching"]
