"""A second look at pages, by a small network that knows the layouts of documents: CARD.md."""
