"""A second implementation of the monthly cycle, in plain dictionaries and loops over persons, written from the docs; see docs/differences.md."""
