"""Figures on a page: ink that stands together, with the caption that it belongs to, as an image."""
