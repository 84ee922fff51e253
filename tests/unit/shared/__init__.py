"""Unit tests of the shared parts."""
