"""A harvest in numbers, and what is told of it when it ends."""
