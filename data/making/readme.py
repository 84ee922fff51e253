"""The page that stands in the folder of the sample data."""

README = """\
# Sample data: three years in Ludwigsburg

What partners and the office would send the system from April 2015 to March 2018. The figures are
those of the council paper on the two programmes; **all people are invented**, and so are the
institutions, unless the paper names them (hospital, fire brigade, police, DRK emergency pastoral
care, Migrationszentrum, KiFa plus, Wohnungslosenhilfe, Mobile Jugendarbeit, Team Ausländerrecht,
Muslimische Notfallseelsorge, Bürgertheater), of which only the name is real. Streets do not exist,
mail addresses end in the reserved `.example`, phone numbers come from ranges that are kept free for
films and books.

| file | one row or line is |
| --- | --- |
| `partners.json` | a partner system: its id is its user at the broker |
| `messages/<partner>.jsonl` | a message that the partner publishes, and when |
| `sponsors.csv` | a volunteer, entered after the interview |
| `certificates.csv` | an inspected certificate of conduct |
| `trainings.csv` | a training with the sponsors and actors that completed it |
| `actors.csv` | an institution that joined the network |
| `network-meetings.csv` | a network meeting: who was invited, who came |
| `evaluations.csv` | an evaluation form, answers from 1 (fully agree) to 6 (not at all) |
| `plan.csv`, `costs.csv` | what was planned, what it cost and who paid |
| `decisions.csv` | what becomes of the n-th proposal for a household, and of its sponsorship |
| `offers.csv` | a recruit's answer to the offer of a place |

CSV files are UTF-8 with `;` between cells and `|` inside lists; a language is written with its
level (`tr:native`). `at` is when staff enter the row. In `decisions.csv` a household's last row
also holds for further proposals, and the row `*` for households without one; an empty
`ends_after_days` means that the sponsorship is still running.

Some messages are wrong on purpose: an unknown language code, a misspelt field, a wrong type, a body
that is not JSON, a message without id, one delivered three times, one referral sent twice, one
reference used for another household. Each says so in its `note`. A line with `raw` has this text as
its body instead of `data`.

The files are written by `python -m data.make_ludwigsburg`; change the generator in `data/`, not
the files. The reader is `willkommen.timeline`.
"""
