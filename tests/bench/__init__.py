"""The benchmark: what Pulumi and the program cost beside kubectl and beside charts."""
