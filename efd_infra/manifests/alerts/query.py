"""InfluxQL as Kapacitor takes it: one plain SELECT without time and groups, which it adds.

It discards groups that stand in the query, and refuses a source that is itself a query
(``influxdata/kapacitor``, ``query.go``).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from efd_infra.manifests.measurements.measurement import Writer


@dataclass(frozen=True, kw_only=True)
class Query:
    """What is asked, of which measurement."""

    select: str
    """An expression over aggregates; fields stand in double quotes."""
    writer: Writer
    """Who writes it."""
    database: str
    policy: str
    measurement: str
    """A name, or a regular expression between slashes."""
    where: Mapping[str, str] = field(default_factory=dict)
    """What tags must be."""

    @property
    def text(self) -> str:
        """The query, with the one column ``value``."""
        name = self.measurement if self.measurement.startswith("/") else f'"{self.measurement}"'
        conditions = " AND ".join(f"\"{tag}\" = '{value}'" for tag, value in self.where.items())
        source = f'"{self.database}"."{self.policy}".{name}'
        tail = f" WHERE {conditions}" if conditions else ""
        # Of the program's own words, and of names that need no quoting.
        return f'SELECT {self.select} AS "value" FROM {source}{tail}'  # noqa: S608

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it reads."""
        return tuple(re.findall(r'"([^"]+)"', self.select))
