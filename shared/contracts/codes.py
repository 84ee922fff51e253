"""Code lists that messages may use: ISO 639 languages, ISO 3166-1 countries, weekly time slots."""

from typing import Annotated, Final

from pydantic import AfterValidator, Field

LANGUAGES: Final = frozenset(
    """
    aa ab af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv
    dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id
    ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt
    lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps
    pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl
    tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    aii arc ckb kmr rom rmy sgs zza
    """.split()  # noqa: SIM905 - a table of codes reads better than a list
)
"""ISO 639-1, and ISO 639-3 for languages without a two-letter code that the office meets."""

COUNTRIES: Final = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE
    EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM
    HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC
    LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
    NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
    SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
    TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
    """.split()  # noqa: SIM905 - see above
)
"""ISO 3166-1 alpha-2, and XK for Kosovo."""

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARTS_OF_DAY: Final = ("morning", "afternoon", "evening")
SLOTS: Final = tuple(f"{day}-{part}" for day in DAYS for part in PARTS_OF_DAY)
"""The 21 weekly time slots, Monday morning first."""


# What is refused is never quoted: a reason may be read where the message may not.


def _known_language(code: str) -> str:
    if code not in LANGUAGES:
        message = "unknown language code; use ISO 639-1, for example 'ar', 'de' or 'tr'"
        raise ValueError(message)
    return code


def _known_country(code: str) -> str:
    if code not in COUNTRIES:
        message = "unknown country code; use ISO 3166-1 alpha-2, for example 'IT'"
        raise ValueError(message)
    return code


def _known_slot(slot: str) -> str:
    if slot not in SLOTS:
        message = "unknown time slot; use a day and a part of it, such as 'mon-morning'"
        raise ValueError(message)
    return slot


LanguageCode = Annotated[str, Field(max_length=8, examples=["ar"]), AfterValidator(_known_language)]
CountryCode = Annotated[str, Field(max_length=2, examples=["IT"]), AfterValidator(_known_country)]
Slot = Annotated[str, Field(max_length=16, examples=["mon-morning"]), AfterValidator(_known_slot)]
