"""Terms that a text names: techniques, materials, the words of the query."""
