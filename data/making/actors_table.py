"""The 105 actors. Those named by the council paper are marked `!`; all others are invented.

Columns: category, name, languages besides German.
"""

ACTORS = """
work | Arbeitslotsen Kastanienallee gGmbH | en tr
work | Ausbildungsverbund Drei Höfe e. V. |
work | Bäckerei Morgenkorn, Ausbildungspatenschaften |
work | Berufswege Neckarknie gGmbH | en ar
work | Fahrradwerkstatt Speichenrad, Arbeitsprojekt | en
work | Gastgeberbund Schlossgärten e. V. | it en
work | Gewerbeverein Lindenzeile e. V. |
work | Handwerkskreis Hobelbank e. V. | tr
work | Jobbörse Sprungfeder gGmbH | en ro
work | Logistik Talaue GmbH, Qualifizierung | pl ro
work | Malerinnung Farbkreis, Lehrlingshilfe |
work | Näherei Fadenlauf gGmbH | ar fa
work | Pflegeschule Abendstern gGmbH | en
work | Pflegedienst Lichtblick Ost GmbH | hr pl
work | Unternehmerinnen-Treff Zweite Etage | en es
work | Zeitarbeit Fairschicht eG | ro bg
counselling | Migrationszentrum ! | en tr ar ru
counselling | KiFa plus ! | tr it ar
counselling | Wohnungslosenhilfe ! | ro pl
counselling | Mobile Jugendarbeit ! | en tr
counselling | Team Ausländerrecht ! | en
counselling | Alleinerziehenden-Beratung Seestern | en
counselling | Anlaufstelle Südtor | it hr
counselling | Beratungsstelle Ankerplatz | en ro el
counselling | Büro für Mietfragen Vier Wände |
counselling | Elterncafé Kieselstein | tr ar
counselling | Erziehungsberatung Regenbogenfisch e. V. | tr
counselling | Familienberatung Lebenslinien | en pl
counselling | Frauenberatung Morgentau e. V. | en ar fa
counselling | Gesundheitslotsen Pulsschlag gGmbH | tr ru ar
counselling | Hebammen-Sprechstunde Storchennest | en
counselling | Jugendberatung Kompassrose | en
counselling | Konfliktberatung Brückenpfeiler e. V. |
counselling | Krisentelefon Nachtlicht e. V. | en
counselling | Männerberatung Standbein e. V. | tr
counselling | Rechtsambulanz Paragrafenhof e. V. | en fr
counselling | Rückenwind Schuldnerberatung gGmbH |
counselling | Schwangerenberatung Neun Monde | ar tr
counselling | Seniorenberatung Goldlack e. V. | it el
counselling | Sozialberatung Wegweiser | sr el it
counselling | Stadtteilbüro Rote Mühle | tr ru
counselling | Suchtberatung Kehrtwende gGmbH | ru
counselling | Traumahilfe Windschatten e. V. | ar fa ti
counselling | Verbraucherstube Kleingedrucktes |
counselling | Verein für Pflegefamilien Nestbau e. V. |
counselling | Wohnraumvermittlung Türspalt gGmbH | en ar
counselling | Zuwanderer-Telefon Erste Frage | en ro bg
emergency | Klinikum ! | en
emergency | Feuerwehr ! |
emergency | Polizei ! | en
emergency | DRK Notfallseelsorge ! |
engagement | Muslimische Notfallseelsorge ! | tr ar
engagement | Begegnungscafé Samowar | ru uk
engagement | Bürgergarten Wurzelwerk e. V. | en ar
engagement | Circolo Primavera e. V. | it
engagement | Ehrenamtsbörse Handschlag | en
engagement | Frauenkreis Safran e. V. | fa ar
engagement | Freundeskreis Ankommen Nord | en ar
engagement | Griechischer Elternkreis Kalimera | el
engagement | Hilfsverein Tatkraft Weststadt e. V. |
engagement | Jugendclub Dachboden e. V. | en tr
engagement | Kirchenkreis Offene Pforte |
engagement | Kochgruppe Tellerrand | en ar it
engagement | Kroatischer Kulturkreis Lavanda e. V. | hr
engagement | Kulturkreis Zeytin e. V. | tr ar
engagement | Kulturverein Donau-Adria e. V. | hr sr bs mk
engagement | Lauftreff Bunte Sohle |
engagement | Nachbarschaftshaus Apfelgasse | en tr
engagement | Polnische Samstagsrunde Bernstein e. V. | pl
engagement | Portugiesischer Verein Caravela e. V. | pt
engagement | Repair-Stube Lötkolben | en
engagement | Rumänischer Freundeskreis Mioritza e. V. | ro
engagement | Schachfreunde Springerzug e. V. | ru
engagement | Spielvereinigung Ballzauber 04 e. V. | en
engagement | Tauschring Gebenundnehmen |
engagement | Tamilischer Hilfsverein Lotus e. V. | ta en
engagement | Welcome Circle | en es pt
language_education | Abendschule Laternenweg |
language_education | Alphabetisierung Erste Zeile e. V. | ar fa ti
language_education | Bildungswerk Sieben Linden e. V. | en
language_education | Bücherei am Brunnenplatz | en tr ru
language_education | Deutschkurse Wortschatzkiste GmbH | en ar tr
language_education | Elternschule Kreidestrich e. V. | tr
language_education | Familienzentrum Purzelbaum gGmbH | it tr
language_education | Ganztagsschule Am Mühlbach, Vorbereitungsklasse |
language_education | Hausaufgabenhilfe Radiergummi e. V. | en
language_education | Kindergarten Löwenzahn am Hang | tr ar
language_education | Kinderhaus Zwergenwald gGmbH | ro
language_education | Lernförderung Leseratte | en
language_education | Medienwerkstatt Pixelhof e. V. | en
language_education | Muttersprachlicher Unterricht Ponte e. V. | it
language_education | Nachhilfekreis Dreisatz e. V. |
language_education | Realschule Weidenufer, Sprachförderung |
language_education | Sprachcafé Zungenbrecher | en fr ar
language_education | Sprachschule Satzbau GmbH | en es uk
language_education | Sprachpaten Vorlesesessel e. V. |
language_education | Studienkolleg Zirkelpunkt | en
language_education | Volkslehrgang Offene Bücher e. V. | en
arts_culture | Bürgertheater ! |
arts_culture | Chor Vielklang e. V. | it tr
arts_culture | Filmkreis Lichtspielgasse e. V. | en
arts_culture | Galerie Treppenhaus Elf |
arts_culture | Musikwerkstatt Saitensprung e. V. | ar
arts_culture | Tanzhaus Kreisel gGmbH | en es
arts_culture | Trommelgruppe Herzschlag | fr en
"""

JOINED = (
    (58, "2015-05-04", "2015-10-09"),
    (28, "2015-10-20", "2016-10-07"),
    (15, "2016-10-18", "2017-10-06"),
    (4, "2017-10-17", "2018-03-16"),
)
"""How many actors joined between which days: before each network meeting, and after the last."""

STREETS = (
    """
Ahornbogen|Am Sonnenrain|An der Talaue|Apfelgasse|Brunnenplatz|Fliederstieg|Goldlackweg|Hasenlauf
Kastanienallee|Kieselweg|Laternenweg|Lindenzeile|Morgentaustraße|Mühlbachufer|Quittenhof
Rebenhang|Regenbogengasse|Schwalbenflug|Sieben Linden|Storchenwinkel|Weidenufer|Windrosenstraße
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
POSTAL_CODES = ("71634", "71636", "71638", "71640", "71642")
PEOPLE = (
    """
Alma Rosenkranzl f|Bertram Kirschkern m|Çiğdem Yalduran f|Darko Milunovac m|Edda Vogelsangen f
Fedor Kasparin m|Gesine Holderbaum f|Hakan Demirkolu m|Ilse Wacholderin f|Jonas Blaumeisner m
Katerina Manoli-Beck f|Ludger Steinpilz m|Mona Al-Rafidi f|Norbert Schlehdorner m|Olga Wetrowa f
Paolo Santorelli m|Quirin Haselmaus m|Renate Brombeer f|Silvija Tadicka f|Tarek Nourallah m
Uta Zimtstern f|Volker Eichelhain m|Wiebke Sanddornen f|Xaver Moosbeer m|Yvonne Duftveilchen f
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
"""Invented contact people with their gender; each speaks for a few institutions at most."""
