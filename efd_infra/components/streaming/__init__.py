"""The streaming layer: what moves records."""
