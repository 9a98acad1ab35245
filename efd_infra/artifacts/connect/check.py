"""Tell whether a connector is what its manager would write now; exit 1 and say why if not.

The manager (``kafkaconnect`` 1.3.1) uploads once per new topic and takes no notice of the answer,
so an upload refused while the workers rebalance is lost, and a connector removed or changed by
hand stays so. This is the manager's probe: when it fails for long, the manager is restarted,
which uploads again.
"""

# ruff: noqa: INP001, T201 -- a program by itself: what a probe prints is its event

import json
import os
import subprocess
import sys
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

TIMEOUT = 10
"""Seconds that the workers may take to answer."""


def wanted() -> dict[str, str] | None:
    """Return the configuration that the manager would upload; None while no topic matches."""
    command = ["kafkaconnect", "create", "influxdb-sink", "--dry-run"]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 -- fixed
    start = output.find("{\n")
    return _as_text(json.loads(output[start:])) if start >= 0 else None


def present() -> dict[str, str] | None:
    """Return the configuration that the workers have; None where there is no such connector."""
    url = f"{os.environ['KAFKA_CONNECT_URL']}/connectors/{os.environ['KAFKA_CONNECT_NAME']}/config"
    try:
        with urlopen(url, timeout=TIMEOUT) as answer:  # noqa: S310 -- an address of ours
            return _as_text(json.load(answer))
    except HTTPError as error:
        if error.code == 404:  # noqa: PLR2004 -- not found
            return None
        raise


def _as_text(config: dict[str, Any]) -> dict[str, str]:
    """Return ``config`` as the workers store it: every value a text."""
    return {
        key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()
    }


def main() -> int:
    """Compare, and say what differs by its key: values may be long."""
    try:
        want = wanted()
        have = present() if want else None
    except (URLError, OSError, subprocess.SubprocessError) as error:
        print(f"cannot tell: {error}")
        return 1
    if want is None or want == have:
        return 0
    if have is None:
        print("the connector is absent")
    else:
        differing = sorted(key for key in want.keys() | have if want.get(key) != have.get(key))
        print(f"the connector differs in {', '.join(differing)}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
