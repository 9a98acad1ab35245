"""Which images and artifacts a site runs, where they differ from the default pins."""

import re
from typing import Literal

from efd_infra.config import versions
from efd_infra.config.section import Section
from efd_infra.config.values import Image, Sha256, Url


class Artifact(Section):
    """A file fetched at pod start and refused when its digest differs."""

    url: Url
    """Where to fetch it: the publisher's release page or the site's own mirror."""
    sha256: Sha256
    """The digest it must have."""

    @property
    def file_name(self) -> str:
        """The last part of the address."""
        return re.split(r"[?#]", self.url)[0].rpartition("/")[2]


class ImagesSection(Section):
    """Images by component; each defaults to the pin in ``versions.py``."""

    kafka: Image = versions.KAFKA
    """Brokers, controllers and MirrorMaker 2."""
    schema_registry: Image = versions.SCHEMA_REGISTRY
    """Schema Registry."""
    connect: Image = versions.CONNECT
    """Kafka Connect workers."""
    connect_manager: Image = versions.CONNECT_MANAGER
    """Kafka Connect manager; its Python also finds topics for the sinks that Telegraf runs."""
    aggregator: Image = versions.AGGREGATOR
    """The aggregator's workers."""
    kafdrop: Image = versions.KAFDROP
    """Kafdrop."""
    oauth2_proxy: Image = versions.OAUTH2_PROXY
    """The login proxy before Kafdrop."""
    influxdb: Image = versions.INFLUXDB
    """InfluxDB 1.x server, and the client that sets up databases and users."""
    chronograf: Image = versions.CHRONOGRAF
    """Chronograf."""
    kapacitor: Image = versions.KAPACITOR
    """Kapacitor."""
    telegraf: Image = versions.TELEGRAF
    """Telegraf."""
    fetch: Image = versions.FETCH
    """curl and a POSIX shell with sha256sum, base64, od, awk, diff, tar, unzip: fetches artifacts,
    sets up."""
    jmx_exporter: Artifact = Artifact(
        url=versions.JMX_EXPORTER_URL, sha256=versions.JMX_EXPORTER_SHA256
    )
    """The Java agent that publishes JMX metrics for Prometheus."""
    artifact_mirror: Url | None = None
    """Where the site keeps a copy of every artifact, under its file's own name; absent: each is
    fetched from its own address. The digest decides, wherever a file comes from."""
    pull_policy: Literal["IfNotPresent", "Never", "Always"] = "IfNotPresent"
    """When nodes pull; tags are fixed, so a present image is the right one."""

    def address(self, artifact: Artifact) -> str:
        """Return where pods fetch an artifact."""
        if self.artifact_mirror is None:
            return artifact.url
        return f"{self.artifact_mirror.rstrip('/')}/{artifact.file_name}"
