"""The way of a message through a service: the naive recipe, ours, and the ceiling."""

from benchmarks.pipeline.run import main

__all__ = ["main"]
