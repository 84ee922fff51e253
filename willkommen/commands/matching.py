"""`willkommen matching`: sessions and their replay; the weights and the ladder that they follow."""

import typer

from willkommen.commands import ladder, runs, weights
from willkommen.commands.fairness import fairness
from willkommen.commands.tentative import tentative

matching = typer.Typer(
    help="Matching sessions: what was proposed, by which rules, and whether it can be replayed.",
    no_args_is_help=True,
)
matching.command()(tentative)
matching.command()(fairness)
matching.add_typer(runs.runs, name="runs")
matching.add_typer(weights.weights, name="weights")
matching.add_typer(ladder.ladder, name="ladder")
