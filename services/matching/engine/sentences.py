"""Explanations as German and English sentences; the numbers are the explanation's own."""

from .explain import Explanation
from .obstacles import Outbid, Relaxation

PARTS_OF_DAY = 3
DAYS = {
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
TIMES = {
    "de": ("vormittags", "nachmittags", "abends"),
    "en": ("morning", "afternoon", "evening"),
}
CRITERION = {
    "de": {
        "language": "Sprache",
        "topics": "Themen",
        "time": "gemeinsame Zeit",
        "district": "Stadtteil",
        "children": "Kinder",
    },
    "en": {
        "language": "language",
        "topics": "topics",
        "time": "common time",
        "district": "district",
        "children": "children",
    },
}
RULE = {
    "de": {
        "language": "keine gemeinsame Sprache auf dem nötigen Niveau",
        "training": "die Schulung fehlt",
        "certificate": "kein gültiges Führungszeugnis (im Haushalt leben Minderjährige)",
        "household_wish": "passt nicht zum Wunsch des Haushalts",
        "sponsor_wish": "der Haushalt passt nicht zum Wunsch der Patin oder des Paten",
        "excluded": "dieses Paar ist ausgeschlossen",
        "time": "keine gemeinsame Zeit",
        "minimum_score": "zu wenige Punkte nach dieser Wartezeit",
    },
    "en": {
        "language": "no common language at the level needed",
        "training": "not trained yet",
        "certificate": "no valid certificate of conduct (there are minors in the household)",
        "household_wish": "against the household's wish",
        "sponsor_wish": "the household is against the sponsor's wish",
        "excluded": "this pair is excluded",
        "time": "no common time",
        "minimum_score": "too few points after this time of waiting",
    },
}
CHANGE = {
    "de": {
        "language": "wenn der Haushalt auch {detail} spräche oder gedolmetscht wird",
        "household_wish": "wenn der Haushalt auf seinen Wunsch verzichtet",
        "sponsor_wish": "wenn Patin oder Pate auf den Wunsch verzichtet",
        "time": "wenn der Haushalt auch {detail} Zeit hat",
        "minimum_score": "wenn {detail} Punkte weniger genügen",
    },
    "en": {
        "language": "if the household also spoke {detail}, or with an interpreter",
        "household_wish": "if the household gives up its wish",
        "sponsor_wish": "if the sponsor gives up the wish",
        "time": "if the household also has time on {detail}",
        "minimum_score": "if {detail} points less are enough",
    },
}
TEXT = {
    "de": {
        "pair": "{sponsor} und {household}: {score} von 10.000 Punkten ({parts}).",
        "common": "Gemeinsame Sprache: {language}; gemeinsame Zeiten: {slots}.",
        "broken": "Zu beachten: {rule}.",
        "none": "{household} hat nach {days} Tagen noch keinen Vorschlag.",
        "no_room": "Zurzeit hat niemand einen Platz frei.",
        "blocking": "Bei {sponsors} von {room}: {rule}; bei {alone} davon steht nur das im Weg.",
        "change": "{sponsors} kämen in Frage, {change}",
        "in_days": " (das geschieht in {days} Tagen von selbst)",
        "outbid": "{candidates} kämen in Frage, doch andere gehen vor: {points} Punkte fehlen",
        "outbid_days": ", so viel wie {days} Tage Wartezeit",
        "nothing": "Unter den jetzigen Regeln kann kein Punkt mehr daran etwas ändern",
    },
    "en": {
        "pair": "{sponsor} and {household}: {score} of 10,000 points ({parts}).",
        "common": "Common language: {language}; common times: {slots}.",
        "broken": "To be considered: {rule}.",
        "none": "{household} has no proposal after {days} days.",
        "no_room": "Nobody has a free place at the moment.",
        "blocking": "For {sponsors} of {room}: {rule}; for {alone} of them nothing else.",
        "change": "{sponsors} would be possible {change}",
        "in_days": " (this happens by itself in {days} days)",
        "outbid": "{candidates} would be possible, but others go first: {points} points missing",
        "outbid_days": ", as much as {days} days of waiting",
        "nothing": "Under the present rules no number of points would help",
    },
}


def sentences(explanation: Explanation, language: str = "de") -> list[str]:
    """The explanation in words, in `de` or `en`; ids stand where a page puts names."""
    told = _unmatched if explanation.sponsor_id is None else _pair
    return told(explanation, language)


def slot_name(slot: int, language: str) -> str:
    """Words for one of the 21 slots."""
    day, part = divmod(slot, PARTS_OF_DAY)
    return f"{DAYS[language][day]} {TIMES[language][part]}"


def _pair(e: Explanation, language: str) -> list[str]:
    text, rules, names = TEXT[language], RULE[language], CRITERION[language]
    parts = ", ".join(
        f"{names[part.criterion]} {part.points}/{part.most}" for part in e.contributions
    )
    slots = [slot_name(slot, language) for slot in range(21) if e.slots >> slot & 1]
    return [
        text["pair"].format(
            sponsor=e.sponsor_id, household=e.household_id, score=e.score, parts=parts
        ),
        text["common"].format(language=e.language or "-", slots=", ".join(slots) or "-"),
        *(text["broken"].format(rule=rules[rule]) for rule in e.broken),
    ]


def _unmatched(e: Explanation, language: str) -> list[str]:
    text, rules = TEXT[language], RULE[language]
    told = [text["none"].format(household=e.household_id, days=e.waited_days)]
    if not e.with_room:
        return [*told, text["no_room"]]
    if e.candidates:
        return [*told, _outbid(e.candidates, e.outbid, language)]
    told += [
        text["blocking"].format(
            sponsors=b.sponsors, room=e.with_room, rule=rules[b.rule], alone=b.alone
        )
        for b in e.blocking
    ]
    return told + [_change(change, language) for change in e.relaxations]


def _outbid(candidates: int, outbid: Outbid | None, language: str) -> str:
    text = TEXT[language]
    if outbid is None:
        return text["nothing"] + "."
    days = "" if outbid.days is None else text["outbid_days"].format(days=outbid.days)
    return text["outbid"].format(candidates=candidates, points=outbid.points) + days + "."


def _change(change: Relaxation, language: str) -> str:
    text, detail = TEXT[language], change.detail
    if change.rule == "time":
        detail = slot_name(int(detail), language)
    words = CHANGE[language][change.rule].format(detail=detail)
    days = "" if change.in_days is None else text["in_days"].format(days=change.in_days)
    return text["change"].format(sponsors=change.sponsors, change=words) + days + "."
