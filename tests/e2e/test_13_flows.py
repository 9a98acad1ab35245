"""Network policies on a real node: between pods exactly the named flows pass, in real packets."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import yaml

from devkit.images.fetch import IMAGE as FETCH
from devkit.node.lan import OUTSIDE
from devkit.node.policy import ADMITTED
from devkit.patience import wait_until
from efd_infra.config.parsing import parse_site
from efd_infra.manifests.flow import Flow
from efd_infra.manifests.flows import site_flows
from tests.e2e.dialling import Place, RunningPod, dial, running_pods
from tests.e2e.report import Report
from tests.e2e.stand import Stand
from tests.support.intended import is_named
from tests.support.network import End
from tests.support.postgresql_server import PostgreSql

pytestmark = pytest.mark.e2e

SETTLED = 15
"""Seconds after which the enforcer has heard of a new pod."""
EXTERNAL = 19092
"""The brokers' port for clients outside, who log in."""
RELEASES = (OUTSIDE, 8000)
"""The mirror of release files, outside of the cluster."""
FETCHING = {"kafka", "schema-registry", "mirror-maker", "kafka-connect", "kafka-aggregator"}
"""Whose pods fetch from there."""
DATABASE = (OUTSIDE, 5432)
"""The consolidated database, outside of the cluster."""


@pytest.fixture(params=["summit", "ldf"])
def stand(request: pytest.FixtureRequest) -> Stand:
    """Each of the two sites in turn."""
    found: Stand = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def flows(stand: Stand) -> tuple[Flow, ...]:
    file = stand.site.workspace.site_file(stand.site.name)
    return site_flows(parse_site(yaml.safe_load(file.read_text())["config"]["efd:site"]))


def _own(pods: list[RunningPod]) -> set[str | None]:
    return {pod.end.namespace for pod in pods}


def test_exactly_the_named_flows_pass_between_pods(
    stand: Stand, flows: tuple[Flow, ...], report: Report
) -> None:
    pods = running_pods(stand)
    ends = {place: pod.end for pod in pods for place in pod.places}
    # From the node itself everything answers, so that a refusal is a policy's.
    listening = {p for p, answers in dial(stand.site.at.on_node([]), ends).items() if answers}
    assert len(listening) > len(pods)
    wrong, passed = [], 0
    for pod in pods:
        others = {place for place in listening if ends[place].address != pod.end.address}
        for place, passes in pod.dial(others).items():
            passed += passes
            named = is_named(flows, pod.end, ends[place], place[1], _own(pods))
            if passes != named and not _overlooked(pod.end, ends[place], place[1]):
                wrong.append(f"{pod.end} -> {ends[place]}:{place[1]} {passes}")
    report.add("13", f"{stand.site.name}: pairs of pods and ports that connect", passed)
    report.add("13", f"{stand.site.name}: of all pairs, not as named", len(wrong), aim=0)
    assert passed
    assert wrong == []


def _overlooked(source: End, target: End, port: int) -> bool:
    """Tell whether this enforcer lets something pass that the policies do not.

    Kube-router 2.1 takes an incoming rule of a policy that selects both ends for an outgoing one:
    a broker may dial another where everybody may, at the external listener.
    """
    software = {dict(end.labels).get("app.kubernetes.io/name") for end in (source, target)}
    return software == {"kafka"} and port == EXTERNAL


def test_a_stranger_among_the_pods_reaches_nothing(
    stand: Stand, flows: tuple[Flow, ...], report: Report
) -> None:
    pods = running_pods(stand)
    ends = {place: pod.end for pod in pods for place in pod.places}
    for namespace in ("influxdb", "default"):
        with _invented(stand, namespace) as stranger:
            admitted = {
                place
                for place, end in ends.items()
                if is_named(flows, stranger.end, end, place[1], _own(pods))
            }
            assert wait_until(lambda: _reached(stranger, ends) == admitted, SETTLED), (  # noqa: B023
                _reached(stranger, ends) ^ admitted
            )
            report.add(
                "13",
                f"{stand.site.name}: ports that a stranger in {namespace} reaches",
                len(admitted),
            )


def test_from_outside_only_the_encrypted_listener_answers(stand: Stand) -> None:
    """Besides the doors that the stand itself has opened, where no Ingress controller runs."""
    pods = running_pods(stand)
    ends = {place: pod.end for pod in pods for place in pod.places}
    doors = {
        place for place, end in ends.items() if place[1] in ADMITTED.get(str(end.namespace), ())
    }
    answering = {place for place, answers in dial([], ends).items() if answers}
    assert {port for _, port in answering - doors} == {EXTERNAL}


def test_only_who_fetches_something_leaves_the_cluster(stand: Stand) -> None:
    for pod in running_pods(stand):
        software = dict(pod.end.labels)["app.kubernetes.io/name"]
        fetches = software in FETCHING
        assert pod.dial([RELEASES]) == {RELEASES: fetches}, pod.end


def test_only_connect_reaches_the_consolidated_database(
    ldf: Stand, database: PostgreSql, report: Report
) -> None:
    assert database.query("SELECT 1 AS one")
    reaching = {
        dict(pod.end.labels)["app.kubernetes.io/name"]
        for pod in running_pods(ldf)
        if pod.dial([DATABASE])[DATABASE]
    }
    report.add("13", "who reaches the consolidated database", ", ".join(sorted(reaching)))
    assert reaching == {"kafka-connect"}


def _reached(stranger: RunningPod, ends: dict[Place, End]) -> set[Place]:
    return {place for place, answers in stranger.dial(ends).items() if answers}


@contextmanager
def _invented(stand: Stand, namespace: str) -> Iterator[RunningPod]:
    """Run a pod that belongs to nothing."""
    api, name = stand.site.api, "stranger"
    api.create(
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": name, "namespace": namespace},
            "spec": {
                "containers": [
                    {
                        "name": "idle",
                        "image": FETCH.reference,
                        "imagePullPolicy": "Never",
                        "command": ["sleep", "3600"],
                        "securityContext": {
                            "allowPrivilegeEscalation": False,
                            "capabilities": {"drop": ["ALL"]},
                        },
                    }
                ],
                "securityContext": {
                    "runAsNonRoot": True,
                    "runAsUser": 1000,
                    "seccompProfile": {"type": "RuntimeDefault"},
                },
                "terminationGracePeriodSeconds": 0,
            },
        }
    )
    try:
        path = f"/api/v1/namespaces/{namespace}/pods/{name}"
        assert wait_until(lambda: stand.site.get(path)["status"].get("phase") == "Running", 60)
        yield RunningPod(stand, stand.site.get(path))
    finally:
        stand.kubectl("delete", "pod", name, f"--namespace={namespace}", "--now")
