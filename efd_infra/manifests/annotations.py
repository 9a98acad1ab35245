"""Annotations that tell the Kubernetes provider how to wait.

https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/
lists those of the provider; each helper says when it is right.
"""

SKIP_AWAIT = {"pulumi.com/skipAwait": "true"}
"""For objects whose readiness depends on something that comes later or is not ours: headless
Services (their pods need them first), Ingresses (their controller belongs to the cluster)."""
