"""Chronograf's dashboards: what they show, and the files that say so."""
