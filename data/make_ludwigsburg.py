"""Writes the sample data in `data/ludwigsburg/`: `python -m data.make_ludwigsburg`.

Everything is drawn from fixed seeds, so that the same files come out each time.
"""

from pathlib import Path

from data.making.actors import actor_rows
from data.making.decisions import decision_rows
from data.making.network import evaluation_rows, meeting_rows, training_rows
from data.making.office import cost_rows, plan_rows
from data.making.partners import partner_list
from data.making.readme import README
from data.making.recruits import offer_rows, recruit_lines
from data.making.referrals import referral_lines
from data.making.sponsors import certificate_rows, sponsor_rows
from data.making.writing import csv_text, json_lines, json_text

FOLDER = Path(__file__).parent / "ludwigsburg"


def files() -> dict[str, str]:
    """The content of every file by its path in the folder."""
    messages = referral_lines() | {"klinikum": recruit_lines()}
    tables = {
        "sponsors": sponsor_rows(),
        "certificates": certificate_rows(),
        "trainings": training_rows(),
        "actors": actor_rows(),
        "network-meetings": meeting_rows(),
        "evaluations": evaluation_rows(),
        "plan": plan_rows(),
        "costs": cost_rows(),
        "decisions": decision_rows(),
        "offers": offer_rows(),
    }
    return (
        {"README.md": README, "partners.json": json_text(partner_list())}
        | {f"{name}.csv": csv_text(rows) for name, rows in tables.items()}
        | {
            f"messages/{partner}.jsonl": json_lines(sorted(lines, key=lambda line: str(line["at"])))
            for partner, lines in messages.items()
        }
    )


def main() -> None:
    """Write all files."""
    for name, text in files().items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
