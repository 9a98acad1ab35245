"""The address of a backend, as `pulumi login` takes it."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from bucket.store import Place
from verify.finding import UnaskedError

FORM = "s3://BUCKET/FOLDER?region=REGION&endpoint=https://HOST"
_DEFAULT_REGION = "us-east-1"
"""What stores beside Amazon's take, and what Amazon's oldest is called."""
_SDK = (
    *("awssdk", "hostname_immutable", "rate_limiter_capacity", "ssetype", "kmskeyid"),
    *("request_checksum_calculation", "response_checksum_validation"),
)
"""Words that only say how the engine's own client sends and encrypts."""
_OURS = (
    *("region", "endpoint", "profile"),
    *("s3ForcePathStyle", "use_path_style", "disableSSL", "disable_https"),
)
"""Words that say where the bucket is."""


@dataclass(frozen=True)
class BackendUrl:
    """Where state is kept."""

    place: Place
    folder: str
    """What every key begins with; empty, or with a slash at its end."""


def backend_url(url: str, region: str | None) -> BackendUrl:
    """Read the address.

    Parameters
    ----------
    url
        As `pulumi login` takes it.
    region
        The region of whoever asks, for an address that names none.

    Raises
    ------
    UnaskedError
        When it is no address of a bucket, says what this command cannot follow, or would let state
        cross a network in clear.
    """
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.hostname:
        raise UnaskedError(f'backend URL: given "{url}"; allowed: {FORM}')
    # Not `hostname`, which is in lower case.
    name = parts.netloc.rpartition("@")[2]
    words = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    unknown = sorted(words.keys() - {*_OURS, *_SDK})
    if unknown:
        known = ", ".join(sorted((*_OURS, *_SDK)))
        raise UnaskedError(f"backend URL: given {', '.join(unknown)}; allowed: {known}")
    place = Place(
        name=name,
        region=words.get("region") or region or _DEFAULT_REGION,
        endpoint=_endpoint(words),
        path_style=_true(words, "s3ForcePathStyle", "use_path_style"),
        profile=words.get("profile"),
    )
    folder = parts.path.strip("/")
    return BackendUrl(place, f"{folder}/" if folder else "")


def _endpoint(words: dict[str, str]) -> str | None:
    plain = _true(words, "disableSSL", "disable_https")
    given = words.get("endpoint")
    if given is None:
        if plain:
            raise UnaskedError("backend URL: given disableSSL; allowed: with an endpoint of 127/8")
        return None
    endpoint = given if "://" in given else f"{'http' if plain else 'https'}://{given}"
    parts = urlsplit(endpoint)
    if parts.scheme != "https" and not _is_loopback(parts.hostname):
        raise UnaskedError(
            f'backend URL, endpoint: given "{endpoint}"; allowed: an https address, '
            "for state has passwords in it"
        )
    return endpoint


def _is_loopback(host: str | None) -> bool:
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return host == "localhost"


def _true(words: dict[str, str], *names: str) -> bool:
    return any(words.get(name, "").lower() in {"true", "1", "t"} for name in names)
