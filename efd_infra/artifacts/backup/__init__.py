"""Backup and restore, as the pods run it: ``python3 -m backup.take`` and its siblings.

Standard library only, but for Kafka's client in ``services``; modules import each other relatively,
so that the folder is a package wherever it is mounted.
"""
