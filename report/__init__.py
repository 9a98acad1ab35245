"""What a change would do to each site, as one comment that a reviewer reads."""
