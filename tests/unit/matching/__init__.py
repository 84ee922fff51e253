"""Tests of the matching service without any server."""
