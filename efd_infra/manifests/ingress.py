"""Annotations of the nginx Ingress controller."""

from collections.abc import Sequence

_PREFIX = "nginx.ingress.kubernetes.io"


def ingress_annotations(
    *, read_timeout: int, unlimited_body: bool, source_ranges: Sequence[str], issuer: str | None
) -> dict[str, str]:
    """Return how the controller treats requests.

    ``read_timeout`` is in seconds: at the controller's default of 60 long queries died, so the
    original's operators went around the Ingress.
    """
    annotations = {
        f"{_PREFIX}/force-ssl-redirect": "true",
        f"{_PREFIX}/proxy-read-timeout": str(read_timeout),
        f"{_PREFIX}/proxy-send-timeout": str(read_timeout),
    }
    if unlimited_body:
        annotations[f"{_PREFIX}/proxy-body-size"] = "0"
    if source_ranges:
        annotations[f"{_PREFIX}/whitelist-source-range"] = ",".join(source_ranges)
    if issuer:
        annotations["cert-manager.io/cluster-issuer"] = issuer
    return annotations
