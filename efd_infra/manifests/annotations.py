"""Annotations that tell the Kubernetes provider how to wait.

https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/
lists those of the provider; each helper says when it is right.
"""

SKIP_AWAIT = {"pulumi.com/skipAwait": "true"}
"""For objects whose readiness depends on another that is awaited itself, or is not ours. A Service
would wait for its pods: with little parallelism the waiting Services take every slot, and the
workload that they wait for never starts. An Ingress waits for a controller of the cluster's."""

WAIT_UNTIL_READY = {"pulumi.com/waitFor": "condition=Ready"}
"""For custom resources that say when they are ready: the provider knows no readiness of theirs."""

FLOWS = "efd.lsst.io/flows"
"""On a network policy: the names of the flows that it lets through."""

REPLACE_UNREADY = {"pulumi.com/replaceUnready": "true"}
"""For Jobs: one that failed is made anew by the next run, which otherwise finds it failed again."""
