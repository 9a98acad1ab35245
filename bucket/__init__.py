"""A bucket of an S3-compatible store: what it must be like, seen and made."""
