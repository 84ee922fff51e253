"""Every text in every language: complete, readable, and never made of a value's own code."""

import pytest
from jinja2 import meta

from services.notifications.domain import texts
from shared.contracts.matching import DeclineReason
from shared.contracts.notifications import Template

LANGUAGES = ("de", "en")
VALUES = {
    "reason": "has_social_worker",
    "other": "Sabine Müller",
    "other_contact": "sabine@mail.example",
    "actor": "Stadtbibliothek",
    "until": "2016-05-16",
    "answer": "Der nächste Kurs beginnt im Mai.",
}
ALL = [(template, language) for template in texts.VALUES for language in LANGUAGES]


def source(template: str, language: str) -> str:
    return (texts.FOLDER / template / f"{language}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("template", texts.VALUES)
def test_each_template_is_written_in_german_and_english(template: str) -> None:
    assert texts.languages_of(template) >= set(LANGUAGES)


@pytest.mark.parametrize(("template", "language"), ALL)
def test_each_text_is_whole(template: str, language: str) -> None:
    text = texts.render(template, language, "Leyla Öztürk", VALUES)
    assert text.language == language
    assert 10 < len(text.subject) <= 78
    assert "Leyla Öztürk" in text.body
    assert not any(mark in text.subject + text.body for mark in ("{", "}", "None", "\r"))
    assert "\n\n\n" not in text.body
    assert text.body == text.body.strip() + "\n"


@pytest.mark.parametrize(("template", "language"), ALL)
def test_the_table_of_values_says_what_the_texts_use(template: str, language: str) -> None:
    used = meta.find_undeclared_variables(texts.environment.parse(source(template, language)))
    known = texts.VALUES[template]
    assert used - {texts.NAME} <= known.required | known.optional
    assert known.required <= used


@pytest.mark.parametrize("template", texts.VALUES)
def test_a_text_needs_only_what_the_table_requires(template: str) -> None:
    required = {name: VALUES[name] for name in texts.VALUES[template].required}
    assert texts.render(template, "de", "Leyla", required).body


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", [*DeclineReason, "not_yet_known"])
def test_each_reason_to_decline_is_put_into_words(reason: str, language: str) -> None:
    body = texts.render(Template.HOUSEHOLD_DECLINED, language, "Leyla", {"reason": reason}).body
    assert reason not in body


@pytest.mark.parametrize(("language", "day"), [("de", "16.05.2016"), ("en", "16 May 2016")])
def test_a_day_is_written_as_the_language_does(language: str, day: str) -> None:
    assert day in texts.render("match_reminder", language, "Leyla", {"until": "2016-05-16"}).body


def test_missing_values_are_named() -> None:
    assert texts.missing(Template.SPONSORSHIP_STARTED, {}) == ["other"]
    assert texts.missing(Template.SPONSORSHIP_STARTED, {"other": "Sabine"}) == []


@pytest.mark.parametrize(
    ("wanted", "found"), [("de", "de"), ("en", "en"), ("kmr", "en"), ("../de", "en")]
)
def test_who_has_no_text_in_their_language_gets_english(wanted: str, found: str) -> None:
    assert texts.language_for(Template.HOUSEHOLD_WELCOME, wanted) == found


def test_a_value_is_never_read_as_a_template() -> None:
    name = "{{ 7 * 7 }}{% raw %}"
    text = texts.render(
        Template.ACTOR_WELCOME, "de", name, {"actor": "{{ name }}\nBcc: a@b.example"}
    )
    assert f"Guten Tag {name}," in text.body
    assert text.subject == "Willkommen im Netzwerk: {{ name }} Bcc: a@b.example"
