"""Where captions' sentences end: Punkt's parameters, learned from captions without labels."""
