"""Facts that every reader finds in the same way: dates, retraction, third parties' rights, mentions of figures."""
