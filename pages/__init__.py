"""The documents that are written from the site files."""
