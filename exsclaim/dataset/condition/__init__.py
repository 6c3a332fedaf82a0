"""The condition of a data set: what was published last, what is missing or damaged."""
