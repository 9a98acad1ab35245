"""One real Kubernetes node on this machine: containers run, addresses answer, data is kept.

Everything lives in Linux namespaces of its own (`enclosure.py`), so that the host's network, mounts
and settings stay as they are, and ending one process ends it all.
"""
