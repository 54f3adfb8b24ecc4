"""Mechanisms of the phase 'review'."""
