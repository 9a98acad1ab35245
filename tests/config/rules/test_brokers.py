"""Rules of how brokers change."""

from tests.support.full_site import changed, full_site
from tests.support.refusal import mistakes


def test_mirrored_topics_that_a_restart_would_stop_are_refused() -> None:
    """The original's mirror made its topics with two replicas."""
    assert mistakes(changed(full_site(), "replication.replicationFactor", 2)) == [
        (
            "replication.replicationFactor: given 2; "
            "allowed: at least 3: one more than streaming.kafka.minInSyncReplicas"
        )
    ]


def test_a_site_without_a_replica_to_spare_may_mirror_as_it_stores() -> None:
    site = changed(full_site(), "streaming.kafka.replicationFactor", 1)
    site = changed(site, "streaming.kafka.minInSyncReplicas", 1)
    assert mistakes(changed(site, "replication.replicationFactor", 1)) == []


def test_metadata_of_a_release_that_the_image_does_not_know_is_refused() -> None:
    site = changed(full_site(), "images.kafka", "apache/kafka:4.1.2")
    assert mistakes(changed(site, "streaming.kafka.metadataVersion", "4.2")) == [
        (
            "streaming.kafka.metadataVersion: given 4.2; "
            "allowed: at most '4.1', the release of images.kafka apache/kafka:4.1.2"
        )
    ]
    assert mistakes(changed(site, "streaming.kafka.metadataVersion", "4.1")) == []
    site = changed(full_site(), "images.kafka", "apache/kafka:4.10.0")
    assert mistakes(changed(site, "streaming.kafka.metadataVersion", "4.9")) == []


def test_images_that_number_their_own_way_say_nothing_of_the_release() -> None:
    site = changed(full_site(), "images.kafka", "confluentinc/cp-kafka:3.9.0")
    assert mistakes(changed(site, "streaming.kafka.metadataVersion", "4.2")) == []
