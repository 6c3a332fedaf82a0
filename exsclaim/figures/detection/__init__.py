"""Detection: the networks, and what they see of a figure before anything is concluded."""
