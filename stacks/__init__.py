"""How a site is put together: the only place that wires components to each other."""
