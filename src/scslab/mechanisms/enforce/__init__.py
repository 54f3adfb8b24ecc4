"""Mechanisms of the phase 'enforce'."""
