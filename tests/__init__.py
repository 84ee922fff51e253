"""Tests: pure ones in seconds, the others on real servers."""
