"""What the cluster's collector of logs is told."""

from rendering.engine import run_program
from tests.support.full_site import full_site, without


def _annotated(site: dict[str, object]) -> set[str | None]:
    """Return what each pod of a site says to the collector; None for nothing at all."""
    templates = [o.template for o in run_program(site).objects if o.template]
    assert len(templates) > 10
    return {(t["metadata"].get("annotations") or {}).get("parser") for t in templates}


def test_every_pod_says_how_its_lines_are_read() -> None:
    assert _annotated(full_site()) == {"logfmt"}


def test_absent_means_absent() -> None:
    assert _annotated(without(full_site(), "cluster.logs")) == {None}
