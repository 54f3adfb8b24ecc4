"""Mechanisms of the phase 'respond'."""
