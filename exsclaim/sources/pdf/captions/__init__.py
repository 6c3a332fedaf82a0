"""Captions on a page: where they begin and end, their labels and their text."""
