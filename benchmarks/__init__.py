"""Measurements, as ratios in one run; never run by the tests."""
