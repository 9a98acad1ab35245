"""Who sends a smoke test's records, and where they must arrive; `make e2e` sends some."""

from typing import Any

import pytest

from efd_infra.config.parsing import parse_site
from sandbox.errors import SandboxError
from sandbox.smoke import Smoke
from tests.support.full_site import changed, full_site


def _run(site: dict[str, Any]) -> None:
    """Run it where there is no kubectl: whatever is wrong with the site is told before."""
    Smoke(parse_site(site), ["/nonexistent/kubectl"], None).run(lambda _: None)


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("streaming.kafka.users", [], "no user of streaming.kafka.users produces lsst.sal.Smoke"),
        ("streaming.kafka.users.0.produces", ["lsst.other."], "no user of streaming.kafka.users"),
    ],
)
def test_a_site_where_nobody_may_send_says_so(key: str, value: Any, told: str) -> None:
    with pytest.raises(SandboxError, match=told):
        _run(changed(full_site(), key, value))


@pytest.mark.parametrize(
    "sink",
    [
        {"topics": r"lsst\.sal\.Other\..*"},
        {"excluded": r"lsst\.sal\.Smoke.*"},
        {"aggregated": True, "database": "archive"},
    ],
)
def test_a_site_where_nobody_listens_says_so(sink: dict[str, Any]) -> None:
    site = changed(full_site(), "streaming.connectors", [{"name": "influxdb-sink", **sink}])
    with pytest.raises(SandboxError, match=r"no sink of streaming\.connectors reads lsst\.sal\.S"):
        _run(site)
