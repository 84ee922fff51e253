"""Tests of the sample data and its loader."""
