"""Sentences of a caption dealt out: which words belong to which label, and what is said of the whole figure."""
