"""What a message says: one file per template and language, the subject in its first line.

A person whose language has no text yet gets the English one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Final

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from shared.contracts.notifications import Template

from .recipient import on_one_line

FOLDER: Final = Path(__file__).parent.parent / "templates"
FALLBACK: Final = "en"
NAME: Final = "name"


@dataclass(frozen=True, slots=True)
class Values:
    """What a template must get beside the name, and what it may get."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()


VALUES: Final[Mapping[str, Values]] = MappingProxyType(
    {
        Template.SPONSOR_WELCOME: Values(),
        Template.HOUSEHOLD_WELCOME: Values(),
        Template.HOUSEHOLD_DECLINED: Values(required=frozenset({"reason"})),
        Template.RECRUIT_OFFER: Values(),
        Template.MATCH_PROPOSED_TO_SPONSOR: Values(),
        Template.MATCH_PROPOSED_TO_HOUSEHOLD: Values(),
        Template.SPONSORSHIP_STARTED: Values(
            required=frozenset({"other"}), optional=frozenset({"other_contact"})
        ),
        Template.SPONSORSHIP_ENDED: Values(),
        Template.ACTOR_WELCOME: Values(required=frozenset({"actor"})),
        "sponsor_application": Values(),
        "sponsor_farewell": Values(),
        "certificate_due": Values(required=frozenset({"until"})),
        "match_reminder": Values(required=frozenset({"until"})),
        "match_not_possible": Values(),
        "check_in": Values(required=frozenset({"other"})),
        "silence": Values(required=frozenset({"other"})),
        "question_answered": Values(required=frozenset({"answer"})),
        "still_interested": Values(required=frozenset({"until"})),
        "household_closed": Values(),
    }
)


@dataclass(frozen=True, slots=True)
class Text:
    """A rendered message in the language that was found for the person."""

    language: str
    subject: str
    body: str


def languages_of(template: str) -> frozenset[str]:
    """The languages in which a template is written."""
    return frozenset(each.stem for each in (FOLDER / template).glob("*.txt"))


def language_for(template: str, wanted: str) -> str:
    """The wanted language if the template is written in it, else English."""
    return wanted if wanted in _LANGUAGES[template] else FALLBACK


def missing(template: str, values: Mapping[str, str]) -> list[str]:
    """The values that the template needs and did not get."""
    return sorted(VALUES[template].required - values.keys())


def render(template: str, language: str, name: str, values: Mapping[str, str]) -> Text:
    """The message to a person of that name; all its required values must be there.

    Values are put in as they are, on one line each: they are never read as a template.
    """
    known = dict.fromkeys(VALUES[template].optional, "") | dict(values)
    filled = {key: on_one_line(value) for key, value in {**known, NAME: name}.items()}
    chosen = language_for(template, language)
    whole = environment.get_template(f"{template}/{chosen}.txt").render(filled)
    subject, _, body = whole.partition("\n")
    return Text(chosen, on_one_line(subject), body.strip() + "\n")


_LANGUAGES: Final = {template: languages_of(template) for template in VALUES}

environment = SandboxedEnvironment(
    loader=FileSystemLoader(FOLDER),
    undefined=StrictUndefined,
    autoescape=False,  # plain text, in which nothing needs escaping
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


def _german_day(day: str) -> str:
    return f"{date.fromisoformat(day):%d.%m.%Y}"


def _english_day(day: str) -> str:
    return f"{date.fromisoformat(day):%-d %B %Y}"


environment.filters |= {"german_day": _german_day, "english_day": _english_day}
