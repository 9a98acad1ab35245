"""A Pulumi language host for Python, for machines where the official one cannot be had.

The Pulumi CLI starts ``pulumi-language-python`` from PATH and tells it, over gRPC, which program
to run. This package is such a program. `launcher` makes the file for PATH.
"""
