"""An actor joins the network once per reference."""

from datetime import date

from services.network.register.domain import Actor, actor_of, join
from shared.contracts.desk import ActorCategory, RegisterActor
from shared.contracts.ids import actor_id
from shared.contracts.network import ActorRegistered, RequestRefused
from shared.contracts.notifications import RequestMessage, Template
from shared.contracts.people import Contact

LIBRARY = Contact(name="Kim Weber", email="info@bibliothek.example", language="de")


def an_actor(**other: object) -> Actor:
    command: dict[str, object] = {
        "staff_id": "staff-01",
        "reference": "a-001",
        "name": "Stadtbibliothek",
        "category": ActorCategory.LANGUAGE_EDUCATION,
        "contact": LIBRARY,
        "joined_on": date(2015, 5, 8),
    }
    return actor_of(RegisterActor.model_validate(command | other))


def test_an_actor_joins_and_its_contact_is_welcomed() -> None:
    decision = join(None, an_actor())
    joined, welcome = decision.facts
    assert joined == ActorRegistered(
        actor_id=actor_id("a-001"),
        category=ActorCategory.LANGUAGE_EDUCATION,
        joined_on=date(2015, 5, 8),
    )
    assert isinstance(welcome, RequestMessage)
    assert (welcome.template, welcome.email) == (Template.ACTOR_WELCOME, LIBRARY.email)
    assert welcome.values == {"actor": "Stadtbibliothek"}


def test_without_an_address_nobody_is_written_to() -> None:
    decision = join(None, an_actor(contact=Contact(name="Kim Weber")))
    assert [type(fact) for fact in decision.facts] == [ActorRegistered]


def test_the_same_again_changes_nothing_whoever_enters_it() -> None:
    decision = join(an_actor(), an_actor(staff_id="staff-02"))
    assert (decision.facts, decision.keep) == ((), None)


def test_a_reference_used_again_for_another_actor_is_refused_with_a_reason() -> None:
    decision = join(an_actor(), an_actor(name="Stadtarchiv"))
    [refusal] = decision.facts
    assert isinstance(refusal, RequestRefused)
    assert refusal.subject_id == actor_id("a-001")
    assert "reference was used before" in refusal.reason
    assert decision.keep is None
