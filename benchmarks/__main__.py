"""`python -m benchmarks <name>`: runs one benchmark and prints its table."""

import sys
from importlib import import_module

BENCHMARKS = {
    "pipeline": "from a delivery to a published fact: the naive recipe, ours, the ceiling",
    "load": "the whole system under referrals: maximum, steady stream, burst, a full database",
    "proposal": "from a referral to the updated proposal, through the whole service",
    "matching": "the engine: events, full solves, optimality, fairness",
}


def main(arguments: list[str]) -> int:
    """Run the benchmark that the first argument names."""
    if not arguments or arguments[0] not in BENCHMARKS:
        for name, what in BENCHMARKS.items():
            print(f"python -m benchmarks {name:10} {what}")
        return 2
    module = import_module(f"benchmarks.{arguments[0]}")
    return int(module.main(arguments[1:]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
