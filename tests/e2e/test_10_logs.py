"""No server complains about the settings that the program rendered for it."""

import re

import pytest

from tests.e2e.report import Report
from tests.e2e.stand import Stand

pytestmark = pytest.mark.e2e

COMPLAINT = re.compile(
    r"(?i:deprecat|known config|unrecognized|misconfig|not supported|"
    r"unknown (config|key|field|option|propert|setting))|ConfigException|Invalid value|"
    r"(W! |E! |lvl=(warn|error)|level=warn).*(?i:config|propert|setting|option)"
)
"""How servers word that they do not like a setting."""

OF_THE_STAND = re.compile(r"quarkus\.|apicurio-registry|bootstrap\.checkpoint")
"""Of the registry that stands in for Confluent's, and of KRaft's first start without a log."""

OF_LIBRARIES = re.compile(r"HHH10001006|for the GlobalThread")
"""Of Hibernate in Debezium's sink, which leaves it to find PostgreSQL's driver by the address; of
Kafka Streams 4.3, whose assignor has a configuration of its own without that setting, whatever a
program says. It is about global stores, of which the aggregator has none."""


@pytest.mark.parametrize("name", ["summit", "ldf"])
def test_no_server_complains_about_its_settings(
    name: str, request: pytest.FixtureRequest, report: Report
) -> None:
    stand: Stand = request.getfixturevalue(name)
    logs = list(stand.logs())
    complaints = [
        f"{where}: {line}"
        for where, text in logs
        for event in text.splitlines()
        # Without the stack trace, whose calls have such words in their names.
        if (line := event.split(r"\n")[0])
        if COMPLAINT.search(line)
        if not OF_THE_STAND.search(line) and not OF_LIBRARIES.search(line)
    ]
    report.add("10", f"{name}: lines of logs read", sum(len(text.splitlines()) for _, text in logs))
    report.add("10", f"{name}: complaints about settings", len(complaints), aim=0)
    assert complaints == []
