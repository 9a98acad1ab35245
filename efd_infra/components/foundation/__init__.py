"""The foundation layer: what every layer stands on."""
