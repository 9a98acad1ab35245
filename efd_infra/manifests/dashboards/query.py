"""One query of a cell, in InfluxQL, over one measurement."""

from dataclasses import dataclass

from efd_infra.manifests.measurements.scraped import SCRAPED

_RANGE = "time > :dashboardTime: AND time < :upperDashboardTime:"
"""What is shown: Chronograf fills it in, and the length of a window, for 360 of them."""
_WINDOW = ":interval:"


@dataclass(frozen=True, kw_only=True)
class Databases:
    """Where a site keeps what; both under one policy."""

    metrics: str
    topics: str
    policy: str


@dataclass(frozen=True, kw_only=True)
class Query:
    """What is selected, where, and by which tags; the databases are the site's business."""

    select: str
    measurement: str = SCRAPED
    """Its name among the metrics, or a regular expression of topics, between slashes."""
    by: tuple[str, ...] = ()
    """Tags that make a line each."""
    where: str = ""
    """A condition on tags."""
    within: str = ""
    """A query inside, of which ``{source}`` is the FROM clause and ``{where}`` the condition."""
    over: str = _RANGE
    """Which time."""
    window: str = _WINDOW
    """Length of a window; empty: no windows."""

    def text(self, databases: Databases) -> str:
        """Return the statement."""
        is_topic = self.measurement.startswith("/")
        name = self.measurement if is_topic else f'"{self.measurement}"'
        database = databases.topics if is_topic else databases.metrics
        source = f'"{database}"."{databases.policy}".{name}'
        if self.within:
            condition = f" WHERE {self.where}" if self.where else ""
            source = f"({self.within.format(source=source, where=condition)})"
            condition = self.over
        else:
            condition = f"{self.over} AND {self.where}" if self.where else self.over
        windows = [f"time({self.window})"] if self.window else []
        groups = [*windows, *(f'"{tag}"' for tag in self.by)]
        tail = f" GROUP BY {', '.join(groups)}" if groups else ""
        fill = " FILL(null)" if windows else ""
        # No word of it comes from outside: descriptions are the program's, names are checked.
        return f"SELECT {self.select} FROM {source} WHERE {condition}{tail}{fill}"  # noqa: S608 -- as above


def gauge(  # noqa: PLR0913 -- the parts of a query
    field: str,
    label: str,
    *by: str,
    measurement: str = SCRAPED,
    where: str = "",
    function: str = "mean",
    times: str = "",
) -> Query:
    """Return a query for what goes up and down; ``times`` is arithmetic on it, as ``* 100``."""
    select = f'{function}("{field}"){times} AS "{label}"'
    return Query(select=select, measurement=measurement, by=by, where=where)


def rate(
    field: str,
    label: str,
    *by: str,
    measurement: str = SCRAPED,
    where: str = "",
    times: str = "",
) -> Query:
    """Return a query for the growth in a second of what only counts; one line for each series."""
    select = f'non_negative_derivative(max("{field}"), 1s){times} AS "{label}"'
    return Query(select=select, measurement=measurement, by=by, where=where)


def summed(
    field: str,
    label: str,
    *by: str,
    series: tuple[str, ...],
    measurement: str = SCRAPED,
    where: str = "",
) -> Query:
    """Return a query for the sum of the last values of several ``series``, told apart by tags."""
    return _inside(f'last("{field}")', label, by, series, measurement, where)


def summed_rate(  # noqa: PLR0913 -- the parts of a query
    field: str,
    label: str,
    *by: str,
    series: tuple[str, ...],
    measurement: str = SCRAPED,
    where: str = "",
    times: str = "",
) -> Query:
    """Return a query for the sum of the growth in a second of several ``series``."""
    growth = f'non_negative_derivative(max("{field}"), 1s){times}'
    return _inside(growth, label, by, series, measurement, where)


def _inside(  # noqa: PLR0913, PLR0917 -- the parts of a query
    value: str,
    label: str,
    by: tuple[str, ...],
    series: tuple[str, ...],
    measurement: str,
    where: str,
) -> Query:
    tags = ", ".join(f'"{tag}"' for tag in dict.fromkeys((*by, *series)))
    within = f'SELECT {value} AS "part" FROM {{source}}{{where}} GROUP BY time({_WINDOW}), {tags}'  # noqa: S608
    return Query(
        select=f'sum("part") AS "{label}"',
        measurement=measurement,
        by=by,
        where=where,
        within=within,
    )
