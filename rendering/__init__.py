"""What the program registers for a site, recorded without an engine, a cluster or a secret."""
