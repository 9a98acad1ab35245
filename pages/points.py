"""What a page says of a site's points: databases, their users, copies and the archive."""

from efd_infra.config.influxdb_user import influxdb_users
from pages.markdown import code, codes, table
from pages.published_site import PublishedSite


def databases(published: PublishedSite) -> str:
    """Return each policy of each database."""
    timeseries = published.site.timeseries
    rows = [
        (
            code(database.name),
            code(policy.name),
            str(policy.keep),
            str(policy.shard_duration),
            f"{', '.join(tier.statistics)} of each {tier.every} of {code(tier.source)}"
            if (tier := policy.tier)
            else "",
        )
        for database in timeseries.influxdb.databases
        for policy in database.retention
    ]
    day = timeseries.daytime
    limits = timeseries.influxdb.queries
    return (
        table(("Database", "Policy", "Keeps", "Shard", "Filled with"), rows)
        + f"\n{limits.concurrent} queries at a time, of {limits.timeout} at most. "
        f"Heavy work runs from {day.begins} to {day.ends}, {day.time_zone}.\n"
    )


def users(published: PublishedSite) -> str:
    """Return who may do what with which database."""
    rows = (
        (
            code(user.name),
            "everything"
            if user.admin
            else "; ".join(f"{grant.lower()} {code(name)}" for name, grant in user.grants.items()),
        )
        for user in influxdb_users(published.site).values()
    )
    return table(("User", "May"), rows)


def backup(published: PublishedSite) -> str:
    """Return where copies go, and how often."""
    section = published.site.backup
    if section is None:
        return "None."
    bucket, claim = section.bucket, section.claim
    if bucket:
        below = f", below {code(bucket.prefix)}" if bucket.prefix else ""
        where = f"bucket {code(bucket.name)}{below}, at <{bucket.endpoint}>"
    else:
        where = f"a claim of {claim.size if claim else ''} in the same cluster"
    rows = (
        ("Copies", f"each {section.every}, {section.keep} are kept"),
        ("Where", where),
        ("Rate", str(section.rate)),
        ("Rehearsal", f"each {section.rehearsal.every}, on {section.rehearsal.storage.size}"),
        ("Restore", f"[backup.md](../backup.md): {code(f'make restore SITE={published.name}')}"),
    )
    return table(("What", "Value"), rows)


def archive(published: PublishedSite) -> str:
    """Return what is kept for years."""
    section = published.site.archive
    if section is None:
        return ""
    rows = []
    if files := section.parquet:
        rows.append(
            (
                "Parquet files",
                f"bucket {code(files.bucket)} at <{files.endpoint}>, {codes([files.topics])}",
            )
        )
    if rows_ := section.database:
        rows.append(("Consolidated database", code(f"{rows_.host}:{rows_.port}/{rows_.database}")))
    return table(("What", "Where"), rows)
