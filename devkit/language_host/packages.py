"""The Python packages of a program, and the Pulumi plugins that they need."""

import json
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from pulumi.runtime.proto import language_pb2, plugin_pb2

_CLOUDS = {"aws", "gcp"}
"""Plugins that this machine cannot have: only a site with a section for such a cloud needs one."""


def required() -> Iterator[plugin_pb2.PackageDependency]:
    """Yield the plugin of every installed Pulumi SDK, with the version that the SDK asks for.

    The CLI takes a plugin that it finds on PATH as it is and downloads nothing then. Those of
    clouds are left out, which the engine would insist on though no resource needs them.
    """
    for folder in map(Path, sys.path):
        for description in sorted(folder.glob("pulumi_*/pulumi-plugin.json")):
            plugin = json.loads(description.read_text(encoding="utf-8"))
            if plugin.get("resource") and plugin["name"] not in _CLOUDS:
                yield plugin_pb2.PackageDependency(
                    name=plugin["name"],
                    kind="resource",
                    version=plugin.get("version", ""),
                    server=plugin.get("server", ""),
                )


def installed() -> Iterator[language_pb2.DependencyInfo]:
    """Yield every installed distribution."""
    for distribution in metadata.distributions():
        yield language_pb2.DependencyInfo(name=distribution.name, version=distribution.version)
