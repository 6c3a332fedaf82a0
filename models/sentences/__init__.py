"""Ends of captions' sentences: Punkt's parameters, learned from captions without labels."""
