"""The CSV files that staff enter, by name; each row becomes one command."""

from typing import Final

from shared.contracts.desk import (
    Command,
    CompleteTraining,
    RecordCertificate,
    RecordCost,
    RecordMeeting,
    RecordPlan,
    RegisterActor,
    RegisterSponsor,
    SubmitEvaluation,
)
from shared.contracts.ids import actor_id, sponsor_id
from willkommen.timeline.columns import Column, Table, entries, ids_of, moment, plain, skills

_ENTERED = {"at": Column("at", moment)} | plain("staff_id")
_CONTACT = plain(
    "contact.name", "contact.email", "contact.phone", "contact.gender", "contact.language"
)

SPONSORS: Final = Table(
    "sponsors",
    RegisterSponsor,
    _ENTERED
    | plain("reference", "migration_experience", "district", "capacity", "household_gender")
    | plain("applied_on")
    | _CONTACT
    | {
        "languages": Column("languages", skills),
        "topics": Column("topics", entries),
        "availability": Column("availability", entries),
    },
    unique=("reference",),
)
CERTIFICATES: Final = Table(
    "certificates",
    RecordCertificate,
    _ENTERED
    | plain("issued_on", "inspected_on")
    | {"sponsor": Column("sponsor_id", sponsor_id, "sponsors")},
    unique=("sponsor_id", "inspected_on"),
)
ACTORS: Final = Table(
    "actors",
    RegisterActor,
    _ENTERED
    | plain("reference", "name", "category", "street", "postal_code", "city")
    | plain("latitude", "longitude", "website", "joined_on")
    | _CONTACT
    | {"languages": Column("languages", entries)},
    unique=("reference",),
)
TRAININGS: Final = Table(
    "trainings",
    CompleteTraining,
    _ENTERED
    | plain("reference", "kind", "held_on")
    | {
        "sponsors": Column("sponsor_ids", ids_of(sponsor_id), "sponsors"),
        "actors": Column("actor_ids", ids_of(actor_id), "actors"),
    },
    unique=("reference",),
)
MEETINGS: Final = Table(
    "network-meetings",
    RecordMeeting,
    _ENTERED
    | plain("reference", "title", "held_on")
    | {
        "invited": Column("invited", ids_of(actor_id), "actors"),
        "attended": Column("attended", ids_of(actor_id), "actors"),
    },
    unique=("reference",),
)
EVALUATIONS: Final = Table(
    "evaluations",
    SubmitEvaluation,
    _ENTERED | plain("form") | {"meeting": Column("meeting_reference", str, "network-meetings")},
    unique=("meeting_reference", "form"),
    free="answers.",
)
PLAN: Final = Table(
    "plan",
    RecordPlan,
    _ENTERED | plain("programme", "measure", "low", "high", "source"),
    unique=("programme", "measure"),
)
COSTS: Final = Table(
    "costs",
    RecordCost,
    _ENTERED
    | plain("reference", "programme", "from_on", "to_on", "amount_eur", "funded_share", "funder"),
    unique=("reference",),
)

_ALL: tuple[Table[Command], ...] = (
    SPONSORS,
    CERTIFICATES,
    ACTORS,
    TRAININGS,
    MEETINGS,
    EVALUATIONS,
    PLAN,
    COSTS,
)
ENTRIES: Final[dict[str, Table[Command]]] = {table.name: table for table in _ALL}
"""By file name without `.csv`; a table comes after those it refers to."""
