"""Servers that tests and benchmarks stand on: given, found on this machine, or private ones."""
