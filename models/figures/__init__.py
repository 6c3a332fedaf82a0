"""Synthetic compound figures with exact ground truth: what the networks are trained on and tests draw from."""
