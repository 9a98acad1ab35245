"""What must not be lost."""

from rendering.recording import Run
from tests.support.full_site import changed
from tests.support.site_case import CASES, FULL, SiteCase


def _stores(run: Run) -> list[tuple[str, bool, bool]]:
    claims = run.of_kind("PersistentVolumeClaim")
    homes = {claim.namespace for claim in claims}
    namespaces = [n for n in run.of_kind("Namespace") if n.object_name in homes]
    assert claims
    assert len(namespaces) == len(homes)
    return [(str(s), s.protect, s.retain_on_delete) for s in [*claims, *namespaces]]


def test_stores_and_their_namespaces_last_exactly_where_the_site_is_durable(
    case: SiteCase, run: Run
) -> None:
    durable = case.site.cluster.durable
    wrong = [store for store in _stores(run) if store[1:] != (durable, durable)]
    assert wrong == []


def test_both_durable_and_passing_sites_are_among_those_tested() -> None:
    assert {case.site.cluster.durable for case in CASES} == {True, False}


def test_nothing_else_resists_deletion(run: Run) -> None:
    kept = {r.kind for r in run.resources if r.protect or r.retain_on_delete}
    assert kept <= {"PersistentVolumeClaim", "Namespace", ""}
    odd = [str(r) for r in run.resources if r.retain_on_delete and not r.kind]
    assert odd == []


def test_a_stateful_set_finds_its_claims_made(run: Run) -> None:
    """It would make missing ones itself, of a size that can never grow."""
    claims = {(c.namespace, c.object_name) for c in run.of_kind("PersistentVolumeClaim")}
    for workload in run.of_kind("StatefulSet"):
        for template in workload.spec.get("volumeClaimTemplates") or []:
            for ordinal in range(workload.spec["replicas"]):
                name = f"{template['metadata']['name']}-{workload.object_name}-{ordinal}"
                assert (workload.namespace, name) in claims, f"{workload} lacks {name}"


def test_every_claim_is_mounted_by_one_workload(run: Run) -> None:
    """Those that run one after the other on one node may share one."""
    users: dict[tuple[str, str], list[str]] = {
        (c.namespace, c.object_name): [] for c in run.of_kind("PersistentVolumeClaim")
    }
    for workload in run.workloads:
        for volume in workload.pod.get("volumes") or []:
            if source := volume.get("persistentVolumeClaim"):
                together = (workload.pod.get("affinity") or {}).get("podAffinity")
                user = "all on one node" if together else str(workload)
                users[workload.namespace, source["claimName"]].append(user)
        for template in workload.spec.get("volumeClaimTemplates") or []:
            for ordinal in range(workload.spec["replicas"]):
                name = f"{template['metadata']['name']}-{workload.object_name}-{ordinal}"
                users[workload.namespace, name].append(str(workload))
    assert {claim: who for claim, who in users.items() if len(set(who)) != 1} == {}


def test_a_workload_that_holds_a_claim_never_runs_twice(run: Run) -> None:
    """Two servers on one store destroy it; a Deployment would start the second one first."""
    for workload in run.of_kind("Deployment"):
        if any("persistentVolumeClaim" in v for v in workload.pod.get("volumes") or []):
            assert workload.spec["replicas"] == 1, workload
            assert workload.spec["strategy"]["type"] == "Recreate", workload


def test_a_bigger_store_is_the_same_store() -> None:
    """Growth must reach the claim alone: a set that is replaced stops every broker."""
    bigger = changed(FULL.data, "streaming.kafka.storage.size", "900Gi")
    other = SiteCase("full", bigger, FULL.secrets).run
    differing = {
        o.name
        for o in FULL.run.objects
        if o.inputs != next(n for n in other.objects if n.urn == o.urn).inputs
    }
    assert differing == {f"kafka-store-{broker}" for broker in range(4)}
