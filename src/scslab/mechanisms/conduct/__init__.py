"""Mechanisms of the phase 'conduct'."""
