"""A small journal of the project's own, served on loopback in the form of a publisher's site.

Nothing in it was ever published: figures are drawn by `models.figures`, captions are written from the figures'
truth, DOIs carry the test prefix 10.5555.
"""
