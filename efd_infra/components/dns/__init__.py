"""The site's names."""
