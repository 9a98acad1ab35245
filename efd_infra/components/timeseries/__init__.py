"""The timeseries layer: what stores, shows and watches points."""
