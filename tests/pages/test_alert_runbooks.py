"""Every alert has a runbook, and every object that its commands name is one of the program's."""

import re
import shlex

import pytest

from efd_infra.config.signals import SIGNALS
from pages.catalogue import EXAMPLES
from pages.published_site import published_sites
from pages.runbooks import runbooks, runbooks_page
from rendering.engine import ROOT

(EVERYTHING,) = published_sites(ROOT / EXAMPLES, ROOT)
COMMANDS = [(name, line) for name, book in runbooks().items() for line in book.commands]
BACKTICKED = re.compile(r"`((?:kubectl|influx|kafka) [^`]+)`")
SAID = [
    (name, command.replace("\n", " "))
    for name, book in runbooks().items()
    for command in BACKTICKED.findall(f"{book.mend}\n{book.wake}")
    if command != "kubectl describe pod"
]
EACH = pytest.mark.parametrize(("alert", "command"), [*COMMANDS, *SAID])
_TOOLS = {
    "TopicCommand": {"--list", "--describe"},
    "MetadataQuorumCommand": {"describe"},
    "consumer.group.ConsumerGroupCommand": {"--describe", "--all-groups"},
}
"""Kafka's tools below ``org.apache.kafka.tools``, with what each is told at least one of."""


def test_every_alert_has_a_runbook_and_no_other() -> None:
    assert set(runbooks()) == {signal.name for signal in SIGNALS}


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda signal: signal.name)
def test_a_runbook_begins_with_a_command(signal: object) -> None:
    (book,) = [runbooks()[s.name] for s in SIGNALS if s is signal]
    assert book.commands
    assert book.mend.endswith((".", "`"))
    assert book.wake.endswith(".")


def test_an_alert_without_a_runbook_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = {name: book for name, book in runbooks().items() if name != "store-full"}
    monkeypatch.setattr("pages.runbooks.runbooks", lambda: lacking)
    with pytest.raises(KeyError, match="store-full"):
        runbooks_page(EVERYTHING.site)


def test_a_runbook_names_alerts_and_pages_that_exist() -> None:
    for name, book in runbooks().items():
        for link in re.findall(r"\]\(([^)#]+)", f"{book.mend}{book.wake}"):
            assert (ROOT / "docs" / "runbooks" / link).exists(), f"{name}: {link}"


@EACH
def test_a_command_is_one_that_the_page_introduces(alert: str, command: str) -> None:
    words = shlex.split(command)
    assert words[0] in {"kubectl", "kafka", "influx", "make"}, alert
    if words[0] == "kafka":
        assert _TOOLS[words[1]] & set(words[2:]), alert
    if words[0] == "influx":
        assert len(words) == 2, "one statement, in quotes"


@EACH
def test_a_command_names_objects_that_there_are(alert: str, command: str) -> None:
    words = shlex.split(command)
    if words[0] != "kubectl":
        return
    options = {words[i]: words[i + 1] for i, word in enumerate(words[:-1]) if word == "--namespace"}
    namespace = options.get("--namespace")
    run = EVERYTHING.run
    if namespace:
        assert namespace in {made.object_name for made in run.of_kind("Namespace")}, alert
    for selector in (words[i + 1] for i, word in enumerate(words) if word == "--selector"):
        key, _, value = selector.partition("=")
        found = [
            workload
            for workload in run.workloads
            if namespace in (None, workload.namespace) and workload.pod_labels.get(key) == value
        ]
        assert found, f"{alert}: no pods of {selector} in {namespace}"
    for word in words:
        if named := re.fullmatch(r"(?:--from=)?(deployment|statefulset|cronjob)/(\S+)", word):
            kinds = {"deployment": "Deployment", "cronjob": "CronJob", "statefulset": "StatefulSet"}
            run.one(kinds[named[1]], named[2], namespace)
        if re.fullmatch(r"[a-z-]+-\d", word):
            run.one("StatefulSet", word.rpartition("-")[0], namespace)
    if "--container" in words:
        container = words[words.index("--container") + 1]
        names = {
            made["name"]
            for workload in run.workloads
            if workload.namespace == namespace
            for made in workload.containers
        }
        assert container in names, alert
