"""What a Telegraf that writes aggregates has besides: names as Connect's sink makes them.

An Avro name has no hyphen, so that a schema is not named like its topic. And arrays of aggregates
may be null: of such ones Telegraf's mode "nullable" keeps nothing, because it takes the array for
one value, which no field can hold (``plugins/parsers/avro`` at v1.37.2, ``flattenField``).
"""

from typing import Any

from efd_infra.config.streaming import InfluxDbSinkSection

_TOPIC = "topic"
"""A tag that is there from the input to the processor."""
_TYPED = "^((?:min|max|mean|median|stdev)_.+)(?:array([0-9]+)|double)$"
"""A field that may be null, of an array or not: mode "flatten" puts the type behind its name."""

AGGREGATES_PROCESSORS: dict[str, Any] = {
    "converter": [{"tags": {"measurement": [_TOPIC]}}],
    "regex": [{"field_rename": [{"pattern": _TYPED, "replacement": "${1}${2}"}]}],
}
"""The measurement is the topic; a field has its own name, and of an array a number behind it."""


def aggregates_input(section: InfluxDbSinkSection) -> dict[str, Any]:
    """Return the options of the consumer that are others than for records."""
    return {
        "avro_tags": list(section.tags),
        "avro_union_mode": "flatten",
        "topic_tag": _TOPIC,
        # InfluxDB has no field of this name; the same is in the one that becomes a point's time.
        "fieldexclude": ["time"],
    }
