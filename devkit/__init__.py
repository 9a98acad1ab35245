"""Run a whole EFD site on this machine: real Pulumi engine, real Kubernetes API, simulated nodes.

The program under `efd_infra` and this package do not know each other. All they share is the
site file.
"""
