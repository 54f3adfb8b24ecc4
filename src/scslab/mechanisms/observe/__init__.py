"""Mechanisms of the phase 'observe'."""
