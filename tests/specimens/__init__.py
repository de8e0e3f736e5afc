"""Engines with the faults of those in circulation, to measure and to test against."""
