"""Who owns each resource, and what it is called."""

import re
from collections import Counter

from rendering.recording import Run
from rendering.registration import Registration

_PROVIDER = "pulumi:providers:kubernetes"
_OF_THE_CLOUD = "pulumi:providers:gcp"
_OF_NAMES = "pulumi:providers:aws"
_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"
_SERVICE = r"[a-z]([-a-z0-9]*[a-z0-9])?"
_MOST_OF_A_LABEL = 63
_MOST_OF_A_NAME = 253


def test_the_site_has_resources(run: Run) -> None:
    assert len(run.objects) > 50, "an empty recording would satisfy every other rule"


def test_every_resource_belongs_to_a_component(run: Run) -> None:
    orphans = [
        str(resource)
        for resource in run.resources
        if resource.custom
        and not run.parents(resource)
        and resource.token not in {_PROVIDER, _OF_THE_CLOUD, _OF_NAMES}
    ]
    assert orphans == []


def test_every_object_has_the_site_s_own_provider(run: Run) -> None:
    (provider,) = [resource for resource in run.resources if resource.token == _PROVIDER]
    assert provider.inputs["context"], "never the context that a laptop happens to have"
    others = {o.provider.rpartition("::")[0] for o in run.objects} - {provider.urn}
    assert others == set()


def test_no_urn_is_used_twice(run: Run) -> None:
    twice = [urn for urn, count in Counter(r.urn for r in run.resources).items() if count > 1]
    assert twice == [], "the engine would refuse them"


def test_no_object_is_made_twice(run: Run) -> None:
    names = Counter((o.kind, o.namespace, o.object_name) for o in run.objects)
    assert [name for name, count in names.items() if count > 1] == []


def test_logical_names_begin_with_the_name_of_the_component(run: Run) -> None:
    odd = [
        str(resource)
        for resource in run.resources
        for parent in run.parents(resource)[-1:]
        if resource.custom and not resource.name.startswith(f"{parent.name}-")
    ]
    assert odd == []


def test_every_component_registers_outputs(run: Run) -> None:
    assert {component.urn for component in run.components} == set(run.component_outputs)


def test_every_label_is_one_that_kubernetes_takes(run: Run) -> None:
    values = {v for o in run.objects for v in [*o.labels.values(), *o.pod_labels.values()]}
    wrong = [v for v in values if not re.fullmatch(r"[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?", v)]
    assert wrong == []


def test_every_namespace_that_is_used_is_made(run: Run) -> None:
    made = {namespace.object_name for namespace in run.of_kind("Namespace")}
    used = {o.namespace for o in run.objects if o.namespace}
    assert used == made, "no object elsewhere, and no empty namespace"


def test_every_namespace_admits_restricted_pods_only(run: Run) -> None:
    for namespace in run.of_kind("Namespace"):
        assert namespace.labels["pod-security.kubernetes.io/enforce"] == "restricted"


def _pattern(resource: Registration) -> tuple[str, int]:
    if resource.kind == "Service":
        return _SERVICE, _MOST_OF_A_LABEL
    if resource.kind in {"Namespace", "StatefulSet", "Deployment", "Job", "CronJob"}:
        return _LABEL, _MOST_OF_A_LABEL
    return _SUBDOMAIN, _MOST_OF_A_NAME


def test_every_name_is_one_that_dns_takes(run: Run) -> None:
    for resource in run.objects:
        pattern, most = _pattern(resource)
        assert re.fullmatch(pattern, resource.object_name), resource
        assert len(resource.object_name) <= most, resource


def test_every_kind_is_of_a_stable_version(run: Run) -> None:
    """The original used versions that Kubernetes later removed."""
    versions = {str(o.inputs["apiVersion"]) for o in run.objects}
    assert [v for v in versions if not re.fullmatch(r"([a-z0-9.]+/)?v\d+", v)] == []


def test_what_pods_mount_as_files_is_auto_named(run: Run) -> None:
    """A changed file is then a new object, which rolls the pods that mount it."""
    named = {o.name for o in run.of_kind("ConfigMap", "Secret", "Job") if not o.autonamed}
    # Only a new store reads it, and no broker is to restart because it changed.
    assert named <= {"kafka-format"}


def test_nothing_is_ignored_or_forced(run: Run) -> None:
    assert [str(r) for r in run.resources if r.ignore_changes] == []
    forced = [str(o) for o in run.objects if "pulumi.com/patchForce" in o.annotations]
    assert forced == [], "a conflict is for the site's operator to decide"
