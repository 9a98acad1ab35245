"""Log settings: everything to standard output, where the cluster collects it."""

import pytest

from efd_infra.artifacts import read_artifact


@pytest.mark.parametrize("file", ["log4j.properties", "log4j2.properties"])
def test_logs_go_to_standard_output_alone(file: str) -> None:
    """A log file would fill the pod's scratch volume, and the pod be evicted for it."""
    text = read_artifact(f"logging/{file}")
    assert "Console" in text
    assert "File" not in text
