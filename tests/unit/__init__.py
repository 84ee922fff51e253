"""Tests of the pure parts, in seconds."""
