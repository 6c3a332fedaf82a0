"""Files for people and for older programs: the card, samples, CSV, exsclaim.json."""
