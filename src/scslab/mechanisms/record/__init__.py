"""Mechanisms of the phase 'record'."""
