"""The partner systems. Counselling centres and migrant organisations are invented."""

PARTNERS = (
    ("ankerplatz", "Beratungsstelle Ankerplatz", "de", ("referral",)),
    ("lebenslinien", "Familienberatung Lebenslinien", "de", ("referral",)),
    ("wegweiser", "Sozialberatung Wegweiser", "de", ("referral",)),
    ("circolo-primavera", "Circolo Primavera e. V.", "de", ("referral",)),
    ("donau-adria", "Kulturverein Donau-Adria e. V.", "de", ("referral",)),
    ("zeytin", "Kulturkreis Zeytin e. V.", "de", ("referral",)),
    ("welcome-circle", "Welcome Circle", "en", ("referral",)),
    ("migrationszentrum", "Migrationszentrum", "de", ("referral",)),
    ("stadtverwaltung", "Stadtverwaltung", "de", ("referral",)),
    ("kifa-plus", "KiFa plus", "de", ("referral",)),
    ("wohnungslosenhilfe", "Wohnungslosenhilfe", "de", ("referral",)),
    ("klinikum", "Klinikum, Anwerbung von Fachkräften", "de", ("recruit",)),
)

PREFIXES = {
    "ankerplatz": "AP",
    "lebenslinien": "LL",
    "wegweiser": "WW",
    "circolo-primavera": "CP",
    "donau-adria": "DA",
    "zeytin": "KZ",
    "welcome-circle": "WC",
    "migrationszentrum": "MZ",
    "stadtverwaltung": "SV",
    "kifa-plus": "KP",
    "wohnungslosenhilfe": "WH",
    "klinikum": "KL",
}
"""How each partner's own references begin."""


def partner_list() -> list[dict[str, object]]:
    """The content of `partners.json`."""
    return [
        {"id": ident, "name": name, "language": language, "publishes": list(publishes)}
        for ident, name, language, publishes in PARTNERS
    ]
