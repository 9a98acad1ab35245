"""Rules of Kafka Connect's plugins and dead letters."""

from collections import Counter
from collections.abc import Iterator

from efd_infra.config.aggregation import AGGREGATOR_DEAD_LETTERS
from efd_infra.config.mistake import Mistake
from efd_infra.config.site import Site

_KINDS = (".jar", ".zip", ".tar.gz", ".tgz")
"""Of files that plugins are published as, by the ends of their names."""


def plugin_names_are_unique(site: Site) -> Iterator[Mistake]:
    """Two plugins in one folder would be one plugin, with the classes of both."""
    plugins = site.streaming.connect.plugins if site.streaming.connect else ()
    names = Counter(plugin.name for plugin in plugins)
    for index, plugin in enumerate(plugins):
        if names[plugin.name] > 1:
            yield Mistake(
                f"streaming.connect.plugins.{index}.name", plugin.name, "a name used once"
            )


def plugins_are_of_a_known_kind(site: Site) -> Iterator[Mistake]:
    """A file that nobody unpacks would be no plugin, and nothing would say so."""
    plugins = site.streaming.connect.plugins if site.streaming.connect else ()
    for index, plugin in enumerate(plugins):
        if not plugin.file_name.endswith(_KINDS):
            yield Mistake(
                f"streaming.connect.plugins.{index}.url",
                plugin.url,
                f"an address whose file ends with one of {', '.join(_KINDS)}",
            )


def sinks_read_no_dead_letters(site: Site) -> Iterator[Mistake]:
    """A sink that reads what it cannot read writes it again, and reads it again, for ever."""
    letters = [sink.dead_letter_topic for sink in site.connect_sinks]
    letters += [AGGREGATOR_DEAD_LETTERS] if site.streaming.aggregation else []
    for index, sink in enumerate(site.streaming.reading):
        taken = [
            topic
            for topic in letters
            if sink.topics.matches(topic) and not (sink.excluded and sink.excluded.matches(topic))
        ]
        if taken:
            yield Mistake(
                f"streaming.connectors.{index}.topics",
                site.streaming.connectors[index].topics,
                f"a pattern that does not match the topic of dead letters {taken[0]}",
            )


RULES = (plugin_names_are_unique, plugins_are_of_a_known_kind, sinks_read_no_dead_letters)
