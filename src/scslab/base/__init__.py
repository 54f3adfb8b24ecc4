"""Foundations every other package may use: errors, months, luck, parameter types, strict YAML, atomic files."""
