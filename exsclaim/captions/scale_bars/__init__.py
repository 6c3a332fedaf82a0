"""Scale bars as captions tell of them: lengths, and the labels that they are of."""
