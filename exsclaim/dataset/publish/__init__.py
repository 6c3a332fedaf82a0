"""Publishing: what harvests staged, corrections by people and other data sets become the tables."""
