"""The monitoring layer: what collects metrics."""
