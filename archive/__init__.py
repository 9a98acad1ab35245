"""What makes the bucket of a site's archive, and checks it."""
