"""What starts a restore at a deployed site, and follows it."""
