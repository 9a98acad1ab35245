"""What Kafka's servers print, with the settings that they get from the program."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.support.kafka_classes import java_argv, kafka_libs

pytestmark = pytest.mark.engine

EVENT = re.compile(r'ts=\S+ level=[a-z]+ logger=[\w.$]+ msg="(?:[^"\\]|\\.)*"')
"""One line of logfmt."""


def test_an_event_is_one_line_with_its_stack_trace(tmp_path: Path) -> None:
    settings = tmp_path / "server.properties"
    settings.write_text('process.roles="broker"\n')
    argv = java_argv(tmp_path, kafka_libs(), "64m", "kafka.Kafka", str(settings))
    done = subprocess.run(argv, capture_output=True, text=True, check=False)  # noqa: S603 -- ours
    assert done.returncode
    lines = done.stdout.splitlines()
    assert [line for line in lines if not EVENT.fullmatch(line)] == []
    (fatal,) = [line for line in lines if " level=fatal " in line or " level=error " in line]
    assert "ConfigException" in fatal
    assert "\\n\\tat " in fatal
