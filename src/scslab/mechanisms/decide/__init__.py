"""Mechanisms of the phase 'decide'."""
