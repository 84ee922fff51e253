"""Tests of the private servers, on the real ones."""
