"""A Job at certain times: one that ends by itself, one at a time, and is not made up for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pulumi
from pulumi_kubernetes import batch

from efd_infra.components.foundation.placement import Placement
from efd_infra.components.foundation.pod import Pod
from efd_infra.components.foundation.reconcile_job import gives_up

_LATE = 900
"""Seconds: what could not begin by then waits for the next time."""
_YEARLY = "0 0 1 1 *"


@dataclass(frozen=True, kw_only=True)
class Timetable:
    """When a Job runs, and for how long."""

    schedule: str | None
    """In cron's form; None: only when somebody makes a Job from it."""
    time_zone: str
    deadline: int
    """Seconds after which it is ended."""
    attempts: int = 1
    """How often it is tried, unless it says that there is no use."""


def cron_job(  # noqa: PLR0913, PLR0917 -- what every object needs, the pod and its times
    logical_name: str,
    name: str,
    pod: Pod,
    timetable: Timetable,
    placement: Placement,
    after: Sequence[pulumi.Resource] = (),
) -> None:
    """Register what makes the Jobs; ``after`` is what must be there first."""
    main = [replace(container, last_words=True) for container in pod.containers]
    template = replace(pod, containers=main, restart_policy="Never").template()
    batch.v1.CronJob(
        logical_name,
        metadata=placement.metadata(name),
        spec=batch.v1.CronJobSpecArgs(
            schedule=timetable.schedule or _YEARLY,
            suspend=None if timetable.schedule else True,
            time_zone=timetable.time_zone,
            concurrency_policy="Forbid",
            starting_deadline_seconds=_LATE,
            successful_jobs_history_limit=1,
            failed_jobs_history_limit=3,
            job_template=batch.v1.JobTemplateSpecArgs(
                spec=batch.v1.JobSpecArgs(
                    active_deadline_seconds=timetable.deadline,
                    backoff_limit=timetable.attempts - 1,
                    pod_failure_policy=gives_up(*(container.name for container in main)),
                    template=template,
                )
            ),
        ),
        opts=pulumi.ResourceOptions(parent=placement.parent, depends_on=after),
    )
