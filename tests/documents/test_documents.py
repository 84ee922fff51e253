"""The documents are valid, without a warning; and a document that is broken is not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.documents.judges import Judges
from willkommen.commands.contracts import upkeep

DOCUMENTS = sorted(upkeep().asyncapi_folder.glob("*.json"))
PARTNERS = upkeep().asyncapi_folder / "partners.json"

Breakage = Callable[[Any], object]

BREAKAGES: dict[str, Breakage] = {
    "no title": lambda document: document["info"].pop("title"),
    "an unknown version": lambda document: document.update(asyncapi="4.0.0"),
    "a channel that does not exist": lambda document: document["operations"][
        "sendReferralSubmitted"
    ]["channel"].update({"$ref": "#/channels/nowhere"}),
    "a message of another channel": lambda document: document["operations"][
        "sendReferralSubmitted"
    ]["messages"].append({"$ref": "#/channels/replies/messages/willkommen.message.refused.v1"}),
    "an action that is none": lambda document: document["operations"]["receiveReplies"].update(
        action="overhear"
    ),
    "an unknown exchange type": lambda document: document["components"]["channelBindings"][
        "intake"
    ]["amqp"]["exchange"].update(type="postal"),
    "a part that is missing": lambda document: document["components"]["schemas"].pop("Contact"),
    "a security scheme that is missing": lambda document: document["components"][
        "securitySchemes"
    ].pop("login"),
}


def broken(breakage: Breakage) -> Any:
    """The partners' document with one thing wrong."""
    document = json.loads(PARTNERS.read_text())
    breakage(document)
    return document


def test_the_parser_has_nothing_to_say(judges: Judges) -> None:
    said = judges.parser_says(*DOCUMENTS)
    assert said == {file: [] for file in DOCUMENTS}


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.stem)
def test_a_document_fits_the_specification(judges: Judges, file: Path) -> None:
    assert list(judges.specification_says(json.loads(file.read_text()))) == []


@pytest.fixture(scope="module")
def verdicts(judges: Judges, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What the parser says about each broken document, asked once for all."""
    folder = tmp_path_factory.mktemp("broken")
    files = {folder / f"{number}.json": name for number, name in enumerate(BREAKAGES)}
    for file, name in files.items():
        file.write_text(json.dumps(broken(BREAKAGES[name])))
    return {files[file]: said for file, said in judges.parser_says(*files).items()}


@pytest.mark.parametrize("name", BREAKAGES)
def test_the_parser_finds(verdicts: dict[str, list[str]], name: str) -> None:
    assert verdicts[name]


def test_the_specification_finds_what_it_does_not_know(judges: Judges) -> None:
    said = list(judges.specification_says(broken(BREAKAGES["an action that is none"])))
    assert any("overhear" in each for each in said)
