"""Rules of Kafka Connect's plugins and dead letters."""

import pytest

from tests.support.full_site import changed, full_site, without
from tests.support.refusal import mistakes

PLUGIN = {"name": "a", "url": "https://example.org/a.jar", "sha256": "a" * 64}


def _plugins(*changes: dict[str, str]) -> list[str]:
    plugins = [{**PLUGIN, **change} for change in changes]
    site = without(full_site(), "archive")
    return mistakes(changed(site, "streaming.connect.plugins", plugins))


def test_two_plugins_of_one_name_are_refused() -> None:
    assert _plugins({}, {}) == [
        f"streaming.connect.plugins.{index}.name: given a; allowed: a name used once"
        for index in range(2)
    ]


@pytest.mark.parametrize("file", ["a.jar", "a.zip", "a-1.0.tar.gz", "a.tgz", "a.jar?raw=true"])
def test_jars_and_archives_are_accepted(file: str) -> None:
    assert _plugins({"url": f"https://example.org/{file}"}) == []


def test_a_file_that_nobody_unpacks_is_refused() -> None:
    assert _plugins({"url": "https://example.org/a.rpm"}) == [
        (
            "streaming.connect.plugins.0.url: given https://example.org/a.rpm; "
            "allowed: an address whose file ends with one of .jar, .zip, .tar.gz, .tgz"
        )
    ]


def test_a_plugin_without_its_digest_is_refused() -> None:
    plugins = [{"name": "a", "url": "https://example.org/a.jar"}]
    (mistake,) = mistakes(
        changed(without(full_site(), "archive"), "streaming.connect.plugins", plugins)
    )
    assert mistake.startswith("streaming.connect.plugins.0.sha256: ")


def test_a_sink_that_reads_its_own_dead_letters_is_refused() -> None:
    """It would write each of them again, for ever."""
    site = changed(full_site(), "streaming.connectors.0.topics", ".*")
    assert mistakes(site) == [
        (
            "streaming.connectors.0.topics: given .*; allowed: a pattern that does not match the "
            "topic of dead letters dead-letter.influxdb-one"
        )
    ]


def test_dead_letters_may_be_excluded() -> None:
    site = changed(full_site(), "streaming.connectors.0.topics", ".*")
    site = changed(site, "streaming.connectors.0.excluded", r"dead-letter\..*")
    assert mistakes(site) == []
