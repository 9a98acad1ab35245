"""Component resources: one file, one Args, one class, one noun."""
