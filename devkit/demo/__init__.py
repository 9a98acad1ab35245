"""The small Summit on a real node, left running with its producer, for a visitor to look at."""
