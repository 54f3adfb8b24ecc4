"""Mechanisms of the phase 'outcome'."""
