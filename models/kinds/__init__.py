"""The kind network's training: pictures of single panels, their kinds and types."""
