"""Alert rules: what is asked, and what a reader is told."""
