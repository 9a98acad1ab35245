"""A site on a cluster of its own in the cloud, which ends by itself."""
