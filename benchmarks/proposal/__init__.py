"""From a referral to the updated proposal, through the whole service at city size."""

from benchmarks.proposal.run import main

__all__ = ["main"]
