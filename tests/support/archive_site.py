"""A site whose archive is a bucket of a store on loopback, and the command that is about it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from archive.__main__ import main
from tests.support.full_site import changed, full_site
from tests.support.tls_store import TlsStore


@dataclass
class Archive:
    """A site with a bucket of its own at the store."""

    store: TlsStore
    folder: Path
    bucket: str
    region: str
    capture: pytest.CaptureFixture[str]

    @property
    def client(self) -> Any:
        """Amazon's own client of the store."""
        return self.store.client(self.region)

    def ask(self, what: str, *words: str) -> int:
        """Run the command; return its exit code."""
        place = ("--site", "full", "--sites", str(self.folder))
        return main([what, *place, "--ca", str(self.store.authority), *words])

    def found(self, what: str) -> dict[str, tuple[str, str]]:
        """Return what is told of each question."""
        self.capture.readouterr()
        self.ask(what, "--json")
        findings = json.loads(self.capture.readouterr().out)
        return {one["question"]: (one["state"], one["told"]) for one in findings}

    def states(self, what: str) -> dict[str, str]:
        """Return the state of each question."""
        return {question: state for question, (state, _) in self.found(what).items()}

    @property
    def buckets(self) -> list[str]:
        """The names of all buckets of the store."""
        return [bucket["Name"] for bucket in self.client.list_buckets()["Buckets"]]

    def write_region(self, region: str) -> None:
        """Write the site file, with another region."""
        site = changed(full_site(), "archive.parquet.bucket", self.bucket)
        site = changed(site, "archive.parquet.endpoint", self.store.endpoint)
        self.write(changed(site, "archive.parquet.region", region))

    def write(self, site: dict[str, Any]) -> None:
        """Write the site file."""
        text = yaml.safe_dump({"config": {"efd:site": site}})
        (self.folder / "Pulumi.full.yaml").write_text(text, encoding="utf-8")
