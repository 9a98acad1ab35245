"""The replication layer: what mirrors another site."""
