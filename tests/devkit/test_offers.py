"""What an embedded cluster takes from a site file."""

from pathlib import Path

import pytest

from devkit.errors import DevkitError
from devkit.offers import Offers

SITE = """\
config:
  efd:site:
    name: mountain
    cluster:
      context: yagan
      nodes: 5
      ingressClass: haproxy
      storageClass: local-path
    kafka:
      nodeLabels: {kafka: ok}
      storage: {size: 15Gi, storageClass: kafka-local-path}
    stores:
      - {storageClass: rook-ceph-block}
      - {storageClass: local-path}
"""


def offers(tmp_path: Path, text: str) -> Offers:
    path = tmp_path / "Pulumi.mountain.yaml"
    path.write_text(text)
    return Offers.from_site_file(path, "mountain")


def test_a_site_file_without_a_site_gets_three_nodes_nginx_and_a_context_of_its_own(
    tmp_path: Path,
) -> None:
    found = offers(tmp_path, "config: {}")
    assert (found.nodes, found.ingress_class, found.context) == (3, "nginx", "efd-mountain")
    assert found.storage_classes == (), "no class is offered that nobody asks for"


def test_every_storage_class_of_the_file_is_offered_once(tmp_path: Path) -> None:
    found = offers(tmp_path, SITE)
    assert found.storage_classes == ("kafka-local-path", "local-path", "rook-ceph-block")


def test_context_nodes_and_ingress_class_are_the_site_s_own(tmp_path: Path) -> None:
    found = offers(tmp_path, SITE)
    assert (found.context, found.nodes, found.ingress_class) == ("yagan", 5, "haproxy")


def test_nodes_carry_the_labels_that_the_site_selects_nodes_by(tmp_path: Path) -> None:
    nodes = [each for each in offers(tmp_path, SITE).objects() if each["kind"] == "Node"]
    assert len(nodes) == 5
    assert all(node["metadata"]["labels"]["kafka"] == "ok" for node in nodes), (
        "a broker that selects nodes by label must find one"
    )


def test_claims_wait_for_their_pod_and_may_grow(tmp_path: Path) -> None:
    classes = [each for each in offers(tmp_path, SITE).objects() if each["kind"] == "StorageClass"]
    assert {each["volumeBindingMode"] for each in classes} == {"WaitForFirstConsumer"}
    assert all(each["allowVolumeExpansion"] for each in classes)


def test_a_number_of_nodes_that_is_none_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(DevkitError, match=r"Pulumi\.mountain\.yaml: efd:site\.cluster\.nodes is 0"):
        offers(tmp_path, "config: {efd:site: {cluster: {nodes: 0}}}")


def test_a_file_that_is_not_yaml_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(DevkitError, match=r"Pulumi\.mountain\.yaml, line 2 is not YAML"):
        offers(tmp_path, "config:\n  efd:site: {name: [}\n")


REAL = """\
config:
  efd:site:
    images:
      kafka: efd.test/kafka:1
      jmxExporter: {url: "http://mirror.test/agent-1.jar", sha256: ab12}
    streaming:
      kafka:
        brokers: 2
        external: {bootstrap: kafka.test, advertised: "kafka-{broker}.test"}
    timeseries:
      influxdb: {host: influxdb.test}
"""


def test_public_names_are_those_of_brokers_first(tmp_path: Path) -> None:
    assert offers(tmp_path, REAL).hosts == (
        "kafka.test",
        "kafka-0.test",
        "kafka-1.test",
        "influxdb.test",
    )


def test_brokers_that_share_a_name_are_named_once(tmp_path: Path) -> None:
    text = REAL.replace(', advertised: "kafka-{broker}.test"', "")
    assert offers(tmp_path, text).hosts == ("kafka.test", "influxdb.test")


def test_a_site_without_public_names_has_none(tmp_path: Path) -> None:
    assert offers(tmp_path, SITE).hosts == ()


def test_files_that_pods_fetch_are_named_with_their_digests(tmp_path: Path) -> None:
    assert offers(tmp_path, REAL).downloads == (("http://mirror.test/agent-1.jar", "ab12"),)


def test_plugins_of_connect_are_files_that_pods_fetch_too(tmp_path: Path) -> None:
    plugins = "connect: {plugins: [{name: a, url: 'http://mirror.test/a.zip', sha256: cd34}]}"
    text = REAL.replace("    streaming:\n", f"    streaming:\n      {plugins}\n")
    assert offers(tmp_path, text).downloads == (
        ("http://mirror.test/agent-1.jar", "ab12"),
        ("http://mirror.test/a.zip", "cd34"),
    )


def test_the_host_of_somebody_else_s_database_is_not_the_site_s(tmp_path: Path) -> None:
    text = f"{REAL}    archive:\n      database: {{host: database.test}}\n"
    assert offers(tmp_path, text).hosts == offers(tmp_path, REAL).hosts


def test_a_class_of_a_real_node_does_not_promise_to_grow_claims(tmp_path: Path) -> None:
    classes = offers(tmp_path, SITE).classes("rancher.io/local-path")
    storage = [each for each in classes if each["kind"] == "StorageClass"]
    assert {each["provisioner"] for each in storage} == {"rancher.io/local-path"}
    assert not any(each["allowVolumeExpansion"] for each in storage)
