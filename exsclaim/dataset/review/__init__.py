"""Corrections by people, and what they make of the panels of a figure."""
