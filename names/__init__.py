"""The names that a site publishes, in Route 53."""
