"""Rules of Kafka, its clients and the mirror link."""

import pytest

from tests.support.full_site import changed, full_site, mirroring_schemas, unmeasured, without
from tests.support.refusal import mistakes


def test_more_copies_than_brokers_are_refused() -> None:
    site = changed(full_site(), "streaming.kafka.brokers", 2)
    assert mistakes(site)[0] == (
        "streaming.kafka.replicationFactor: given 3; allowed: at most the number of brokers, 2"
    )


def test_more_mirrored_copies_than_brokers_are_refused() -> None:
    assert mistakes(changed(full_site(), "replication.replicationFactor", 5)) == [
        "replication.replicationFactor: given 5; allowed: at most the number of brokers, 4"
    ]


def test_as_many_copies_as_brokers_are_accepted() -> None:
    assert mistakes(changed(full_site(), "streaming.kafka.replicationFactor", 4)) == []


def test_in_sync_replicas_without_a_spare_are_refused() -> None:
    assert mistakes(changed(full_site(), "streaming.kafka.minInSyncReplicas", 3)) == [
        (
            "streaming.kafka.minInSyncReplicas: given 3; "
            "allowed: at most 2: one less than replicationFactor 3"
        )
    ]


def test_a_single_copy_needs_itself_only() -> None:
    site = changed(full_site(), "streaming.kafka.replicationFactor", 1)
    site = changed(site, "streaming.kafka.minInSyncReplicas", 1)
    assert mistakes(site) == []


def test_offsets_that_expire_with_the_records_are_refused() -> None:
    site = changed(full_site(), "streaming.kafka.retention", "11d")
    site = changed(site, "streaming.kafka.storage.size", "2Ti")
    assert mistakes(site) == ["streaming.kafka.offsetsRetention: given 10d; allowed: at least 11d"]


def test_offsets_outlive_a_week_at_least() -> None:
    assert mistakes(changed(full_site(), "streaming.kafka.offsetsRetention", "6d")) == [
        "streaming.kafka.offsetsRetention: given 6d; allowed: at least 7d"
    ]


def test_records_that_do_not_fit_the_storage_are_refused() -> None:
    assert mistakes(changed(full_site(), "streaming.kafka.storage.size", "374Gi")) == [
        (
            "streaming.kafka.storage.size: given 374Gi; allowed: at least 384000Mi for 100Gi a day "
            "over 96h in 3 copies on 4 brokers"
        )
    ]


def test_records_that_just_fit_the_storage_are_accepted() -> None:
    assert mistakes(changed(full_site(), "streaming.kafka.storage.size", "375Gi")) == []


def test_storage_of_nominal_size_is_not_measured() -> None:
    site = changed(full_site(), "streaming.kafka.storage.size", "15Gi")
    assert mistakes(changed(site, "cluster.enforcesStorageSize", value=False)) == []


def test_a_broker_whose_node_port_does_not_exist_is_refused() -> None:
    assert mistakes(changed(full_site(), "streaming.kafka.external.firstNodePort", 32765)) == [
        "streaming.kafka.external.firstNodePort: given 32765; allowed: at most 32764"
    ]


def test_the_last_node_port_may_be_used() -> None:
    site = changed(full_site(), "streaming.kafka.external.firstNodePort", 32764)
    assert mistakes(site) == []


def test_a_node_port_that_the_ingress_controller_holds_is_refused() -> None:
    site = changed(full_site(), "cluster.publicPort", 31193)
    assert mistakes(site) == [
        (
            "streaming.kafka.external.firstNodePort: given 31190 (to 31193 for 4 brokers); "
            "allowed: a range without cluster.publicPort 31193"
        )
    ]


def test_a_port_beside_the_node_ports_may_be_the_public_one() -> None:
    assert mistakes(changed(full_site(), "cluster.publicPort", 31194)) == []


def test_two_connectors_of_one_name_are_refused() -> None:
    connector = full_site()["streaming"]["connectors"][0]
    site = changed(full_site(), "streaming.connectors", [connector, connector])
    assert mistakes(site) == [
        "streaming.connectors.0.name: given influxdb-one; allowed: a name used once",
        "streaming.connectors.1.name: given influxdb-one; allowed: a name used once",
    ]


def test_a_connector_without_its_database_is_refused() -> None:
    assert mistakes(changed(full_site(), "streaming.connectors.0.database", "efd2")) == [
        (
            "streaming.connectors.0.database: given efd2; "
            "allowed: one of timeseries.influxdb.databases: efd, telegraf, chronograf, archive"
        )
    ]


def test_a_connector_without_workers_is_refused() -> None:
    assert mistakes(without(full_site(), "archive", "streaming.connect")) == [
        (
            "streaming.connect: given nothing; allowed: a section, {} for its defaults, "
            "because influxdb-one has engine connect"
        )
    ]


def test_without_connectors_there_need_be_no_workers() -> None:
    connect = ("streaming.connect", "streaming.connectors.0")
    assert mistakes(without(full_site(), "archive", *connect)) == []


def test_an_error_policy_for_telegraf_is_refused_even_where_it_is_the_default() -> None:
    site = full_site()
    site["streaming"]["connectors"][1]["onError"] = "retry"
    assert mistakes(site) == [
        (
            "streaming.connectors.1.onError: given retry; allowed: absent with engine telegraf, "
            "which waits while InfluxDB is away, and logs and drops what InfluxDB refuses"
        )
    ]


def test_resources_of_a_connector_are_refused() -> None:
    site = full_site()
    site["streaming"]["connectors"][0]["resources"] = {
        "cpu": "1",
        "memory": "1Gi",
        "cpuLimit": "1",
        "memoryLimit": "1Gi",
    }
    assert mistakes(site) == [
        (
            "streaming.connectors.0.resources: given a section; allowed: absent with engine "
            "connect, whose workers are sized in streaming.connect"
        )
    ]


def test_records_that_telegraf_cannot_take_are_refused() -> None:
    site = changed(full_site(), "streaming.kafka.maxMessage", "97Mi")
    assert mistakes(site) == [
        (
            "streaming.kafka.maxMessage: given 97Mi; "
            "allowed: at most 96Mi with a sink of engine telegraf"
        )
    ]
    connect = without(site, "streaming.connectors.2", "streaming.connectors.1")
    assert mistakes(connect) == []


@pytest.mark.parametrize("name", ["telegraf", "telegraf-nodes"])
def test_a_sink_called_like_a_collector_beside_it_is_refused(name: str) -> None:
    site = changed(full_site(), "streaming.connectors.1.name", name)
    assert mistakes(site) == [
        (
            f"streaming.connectors.1.name: given {name}; "
            "allowed: another name, because monitoring has it"
        )
    ]
    assert mistakes(unmeasured(site)) == []


def test_a_second_writer_of_mirrored_schemas_is_refused() -> None:
    """A defect of the original: LDF's registry could write into the mirrored topic."""
    assert mistakes(changed(full_site(), "replication.schemas", value=True)) == [
        (
            "streaming.schemaRegistry.mayWrite: given true; "
            "allowed: false, because replication mirrors _schemas"
        )
    ]
    assert mistakes(mirroring_schemas()) == []


@pytest.mark.parametrize("pattern", ["_schemas", ".*", "_sch.*"])
def test_schemas_among_the_data_are_refused(pattern: str) -> None:
    """Behind a backlog they would come after the records that need them."""
    topics = [r"lsst\.sal\..*", pattern]
    assert mistakes(changed(full_site(), "replication.topics", topics)) == [
        (
            f"replication.topics.1: given {pattern}; allowed: a pattern without _schemas, "
            "which has a link of its own"
        )
    ]


def test_a_second_source_is_refused_with_the_reason() -> None:
    section = full_site()["replication"]
    assert mistakes(changed(full_site(), "replication", [section, section])) == [
        (
            "replication: given a list of 2; allowed: one section: The mirror of another site. "
            "Topics and schema ids keep their names and numbers, so those of two sources would "
            "clash; a prefix for each is not supported."
        )
    ]


def test_a_registry_may_write_where_schemas_are_not_mirrored() -> None:
    assert mistakes(full_site()) == []
    assert mistakes(without(full_site(), "replication")) == []


def test_a_registry_that_may_not_write_is_told_no_level_and_no_mode() -> None:
    site = changed(full_site(), "streaming.schemaRegistry.mayWrite", value=False)
    allowed = "allowed: absent, because streaming.schemaRegistry.mayWrite is false"
    assert mistakes(site) == [
        f"streaming.schemaRegistry.compatibility: given FULL; {allowed}",
        f"streaming.schemaRegistry.mode: given READONLY; {allowed}",
    ]
    levels = ("streaming.schemaRegistry.compatibility", "streaming.schemaRegistry.mode")
    assert mistakes(without(site, *levels)) == []


def test_a_mode_that_cannot_be_set_is_refused() -> None:
    assert mistakes(changed(full_site(), "streaming.schemaRegistry.mutableMode", value=False)) == [
        (
            "streaming.schemaRegistry.mode: given READONLY; "
            "allowed: READWRITE, because streaming.schemaRegistry.mutableMode is false"
        )
    ]


def test_mirrored_records_that_the_brokers_refuse_are_refused() -> None:
    assert mistakes(changed(full_site(), "replication.maxMessage", "12Mi")) == [
        "replication.maxMessage: given 12Mi; allowed: at most streaming.kafka.maxMessage, 11Mi"
    ]


def test_a_site_that_mirrors_itself_is_refused() -> None:
    assert mistakes(changed(full_site(), "replication.source", "full")) == [
        "replication.source: given full; allowed: the name of another site"
    ]
