"""`python -m benchmarks load`: the whole system, two instances of each service, under referrals."""

from benchmarks.load.run import main

__all__ = ["main"]
