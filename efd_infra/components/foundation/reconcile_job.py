"""A Job that brings a running server to what the site says.

Each can be run again without harm; a changed script, list or password makes a new one, because a
Job's template cannot change. So does the next run after one that failed.
"""

from collections.abc import Sequence
from dataclasses import replace

import pulumi
from pulumi_kubernetes import batch

from efd_infra.components.foundation.placement import Placement
from efd_infra.components.foundation.platform import Platform
from efd_infra.components.foundation.pod import Container, Pod
from efd_infra.manifests.annotations import REPLACE_UNREADY

REFUSED = 3
"""Exit code of a script that found something to refuse, so that another attempt is no use."""
_DEADLINE = 1800
"""Seconds for all attempts; a server that restarts takes as long as its index or log."""


def reconcile_job(  # noqa: PLR0913 -- what every object needs, and the container
    name: str,
    script: Container,
    *,
    user: int,
    placement: Placement,
    platform: Platform,
    after: Sequence[pulumi.Resource],
) -> batch.v1.Job:
    """Register the Job; it begins when ``after``, the server, is ready."""
    pod = Pod(
        identity=placement.identity,
        platform=platform,
        containers=[replace(script, last_words=True)],
        user=user,
        restart_policy="Never",
    )
    return batch.v1.Job(
        name,
        metadata=placement.metadata(annotations=REPLACE_UNREADY),
        # No time to live after the end: a Job that is gone would be made again.
        spec=batch.v1.JobSpecArgs(
            backoff_limit=4,
            active_deadline_seconds=_DEADLINE,
            pod_failure_policy=gives_up(script.name),
            template=pod.template(),
        ),
        opts=pulumi.ResourceOptions(
            parent=placement.parent,
            depends_on=after,
            custom_timeouts=pulumi.CustomTimeouts(create=f"{_DEADLINE + 60}s"),
        ),
    )


def gives_up(*containers: str) -> batch.v1.PodFailurePolicyArgs:
    """Return the policy of a Job that ends at once when a script of it has refused something."""
    return batch.v1.PodFailurePolicyArgs(
        rules=[
            batch.v1.PodFailurePolicyRuleArgs(
                action="FailJob",
                on_exit_codes=batch.v1.PodFailurePolicyOnExitCodesRequirementArgs(
                    container_name=container, operator="In", values=[REFUSED]
                ),
            )
            for container in containers
        ]
    )
