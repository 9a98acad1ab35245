"""A site's own cluster on Google Cloud."""
