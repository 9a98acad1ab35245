"""Public addresses: one typed object per service, from which every consumer is derived.

The Summit's public port 30828 once stood in four places that had to change together; here
Ingress, Chronograf's call-back address, outputs and documentation all read the same value.
"""

from dataclasses import dataclass

_DEFAULT_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """Where users reach one web service."""

    host: str
    port: int = 443
    scheme: str = "https"
    path: str = ""

    @property
    def url(self) -> str:
        """The address as users type it: the scheme's own port is left out."""
        port = "" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}{self.path}"
