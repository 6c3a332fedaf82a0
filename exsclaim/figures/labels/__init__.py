"""Panel labels: which printed label belongs to which panel, and what it says."""
