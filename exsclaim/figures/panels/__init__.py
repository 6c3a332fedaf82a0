"""Panels: where they are, from what the network proposes, gutters, the image's edges and the labels."""
