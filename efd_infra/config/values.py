"""Named value types: text with a rule, so that a unit is part of the type.

Each type is a ``str`` that knows which texts it allows; a site file that breaks the rule is
refused with the sentence in ``allowed``.
"""

import re
from typing import Any, ClassVar, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

_LAST_PORT = 65535
_LITERALS = r"(?:[A-Za-z0-9_-]|\\[._-])*"
"""Characters of a topic's name in a regular expression that stand for themselves."""
_BINARY = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "Pi": 2**50}
_DECIMAL = {"kB": 10**3, "MB": 10**6, "GB": 10**9}
_MILLISECONDS = {
    "ms": 1,
    "s": 1000,
    "m": 60_000,
    "h": 3_600_000,
    "d": 86_400_000,
    "w": 604_800_000,
}


class PatternedText(str):
    """Text that must match ``pattern`` from end to end."""

    __slots__ = ()
    pattern: ClassVar[str]
    allowed: ClassVar[str]
    example: ClassVar[str]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return ``text`` as this type; raise with ``allowed`` when it does not match."""
        if not re.fullmatch(cls.pattern, text):
            raise PydanticCustomError("value", "{allowed}", {"allowed": cls.allowed})
        return cls(text)

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, __: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.custom_error_schema(
            core_schema.str_schema(strict=True),
            "value",
            custom_error_message="{allowed}",
            custom_error_context={"allowed": cls.allowed},
        )
        return core_schema.no_info_after_validator_function(cls.parse, text)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {
            **handler(schema),
            "pattern": f"^(?:{cls.pattern})$",
            "description": cls.allowed,
            "patternErrorMessage": cls.allowed,
            "examples": [cls.example],
        }


class Name(PatternedText):
    """A DNS label: what Kubernetes accepts as the name of almost everything."""

    __slots__ = ()
    pattern = r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"
    allowed = "lower-case letters, digits and inner hyphens, at most 63 characters"
    example = "name"


class Alias(PatternedText):
    """The name by which the EFD client calls an instance, such as ``summit_efd``."""

    __slots__ = ()
    pattern = r"[a-z][a-z0-9_]*"
    allowed = "lower-case letters, digits and underscores, such as summit_efd"
    example = "alias"


class Hostname(PatternedText):
    """A fully qualified host name without scheme, port or path."""

    __slots__ = ()
    pattern = r"(?=.{4,253}\Z)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z][-a-z0-9]*[a-z0-9]"
    allowed = "a host name such as chronograf-summit-efd.lsst.codes, without scheme, port or path"
    example = "host.example.org"


class IpAddress(PatternedText):
    """An IPv4 address."""

    __slots__ = ()
    pattern = r"((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(?!\Z)|\Z)){4}"
    allowed = "an IPv4 address such as 192.0.2.10"
    example = "192.0.2.10"


class HostPattern(PatternedText):
    """A host name in which ``{broker}`` stands for the number of a broker."""

    __slots__ = ()
    pattern = r"[-a-z0-9.{}]{4,253}"
    allowed = "a host name that may contain {broker}, such as kafka-{broker}.example.org"
    example = "host.example.org"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Check the name as it is for broker 0."""
        if not re.fullmatch(Hostname.pattern, text.replace("{broker}", "0")):
            raise PydanticCustomError("value", "{allowed}", {"allowed": cls.allowed})
        return cls(text)

    def host(self, broker: int) -> str:
        """Return the host name of one broker."""
        return self.replace("{broker}", str(broker))


class HostPort(PatternedText):
    """A host name and a port, as Kafka clients write a bootstrap address."""

    __slots__ = ()
    pattern = r"[-a-z0-9.]+:[0-9]{1,5}"
    allowed = "host:port, such as kafka-0-summit-efd.lsst.codes:31090"
    example = "host.example.org:9092"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Check the host as a name and the port as a number."""
        address = super().parse(text)
        if not re.fullmatch(Hostname.pattern, address.host) or not 0 < address.port <= _LAST_PORT:
            raise PydanticCustomError("value", "{allowed}", {"allowed": cls.allowed})
        return address

    @property
    def host(self) -> str:
        """The part before the colon."""
        return self.rpartition(":")[0]

    @property
    def port(self) -> int:
        """The part after the colon."""
        return int(self.rpartition(":")[2])


class Quantity(PatternedText):
    """An amount of memory or storage in binary units; ``bytes`` is its number."""

    __slots__ = ()
    pattern = r"[1-9][0-9]*(Ki|Mi|Gi|Ti|Pi)"
    allowed = "a whole number of Ki, Mi, Gi, Ti or Pi bytes, such as 512Mi or 15Gi"
    example = "1Gi"

    @property
    def bytes(self) -> int:
        """The amount in bytes."""
        return int(self[:-2]) * _BINARY[self[-2:]]

    @property
    def mebibytes(self) -> int:
        """The amount in MiB, rounded down; the unit of the JVM's ``-Xmx…m``."""
        return self.bytes // _BINARY["Mi"]

    @classmethod
    def of_bytes(cls, amount: float) -> Self:
        """Return ``amount`` bytes rounded up to whole MiB."""
        return cls(f"{-(-int(amount) // _BINARY['Mi'])}Mi")


class Rate(PatternedText):
    """Bytes in a second, in decimal units as links are sold; ``bytes`` is their number."""

    __slots__ = ()
    pattern = r"[1-9][0-9]*(kB|MB|GB)/s"
    allowed = "a whole number of kB/s, MB/s or GB/s, such as 10MB/s"
    example = "1MB/s"

    @property
    def bytes(self) -> int:
        """Bytes in a second."""
        return int(self[:-4]) * _DECIMAL[self[-4:-2]]


class Cpu(PatternedText):
    """CPU cores, whole or in thousandths (``500m``)."""

    __slots__ = ()
    pattern = r"[1-9][0-9]*m?"
    allowed = "whole cores as text, such as '4', or thousandths, such as 500m"
    example = "1"

    @property
    def millicores(self) -> int:
        """The amount in thousandths of a core."""
        return int(self[:-1]) if self.endswith("m") else int(self) * 1000


class Duration(PatternedText):
    """A length of time in whole seconds: a smaller one would round to nothing somewhere."""

    __slots__ = ()
    pattern = r"[1-9][0-9]*(s|m|h|d|w)"
    allowed = "a whole number of s, m, h, d or w, such as 72h or 30d"
    example = "1d"

    @property
    def milliseconds(self) -> int:
        """The length in milliseconds, the unit of most Kafka settings."""
        number, unit = re.fullmatch(r"(\d+)(\D+)", self).groups()  # type: ignore[union-attr]
        return int(number) * _MILLISECONDS[unit]

    @property
    def seconds(self) -> int:
        """The length in whole seconds."""
        return self.milliseconds // 1000


class Delay(Duration):
    """A short length of time, which may be a fraction of a second."""

    __slots__ = ()
    pattern = r"[1-9][0-9]*(ms|s)"
    allowed = "a whole number of ms or s, such as 100ms"
    example = "100ms"


FOREVER = "forever"


class Keep(Duration):
    """How long data are kept: a duration or ``forever``."""

    __slots__ = ()
    pattern = r"forever|[1-9][0-9]*[hdw]"
    allowed = "a whole number of h, d or w, such as 30d, or the word forever"
    example = "30d"

    @property
    def seconds(self) -> int:
        """The length in seconds; ``forever`` is longer than any other."""
        return 2**62 if self == FOREVER else super().seconds


class Image(PatternedText):
    """A container image with a fixed tag: movable tags are refused."""

    __slots__ = ()
    pattern = (
        r"[a-z0-9][a-z0-9._/:-]*"
        r":(?!latest|(?:master|main)(?![A-Za-z0-9._-]))[A-Za-z0-9][A-Za-z0-9._-]*"
        r"(?:@sha256:[0-9a-f]{64})?"
    )
    allowed = "an image with a fixed tag, such as apache/kafka:4.3.1; never latest, master or main"
    example = "image:1"


class KafkaRelease(PatternedText):
    """A release of Kafka, as its features are named after."""

    __slots__ = ()
    pattern = r"(3\.[3-9]|[4-9]\.(0|[1-9][0-9]?))"
    allowed = "a release of Kafka from 3.3 on, as text and without the last number, such as '4.3'"
    example = "4.3"

    @property
    def numbers(self) -> tuple[int, int]:
        """Major and minor, in which releases follow each other."""
        major, _, minor = self.partition(".")
        return int(major), int(minor)


class Url(PatternedText):
    """An HTTPS address of something to fetch."""

    __slots__ = ()
    pattern = r"https?://[^\s]+"
    allowed = "an http or https address"
    example = "https://example.org"


class Sha256(PatternedText):
    """A SHA-256 digest in hexadecimal."""

    __slots__ = ()
    pattern = r"[0-9a-f]{64}"
    allowed = "64 hexadecimal digits"
    example = "0" * 64


class SourceRange(PatternedText):
    """An IPv4 network in CIDR form."""

    __slots__ = ()
    pattern = r"(\d{1,3}\.){3}\d{1,3}/\d{1,2}"
    allowed = "an IPv4 network such as 139.229.160.0/19"
    example = "192.0.2.0/24"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Check the form and the numbers."""
        import ipaddress  # noqa: PLC0415 -- costs 10 ms that most runs do not need

        try:
            ipaddress.IPv4Network(text)
        except ValueError:
            raise PydanticCustomError("value", "{allowed}", {"allowed": cls.allowed}) from None
        return super().parse(text)


class TopicPattern(PatternedText):
    r"""A regular expression over topic names, such as ``lsst\.sal\..*``.

    Dots that mean a dot must be escaped: ``lsst.sal.MTM2.*`` also matches any topic whose name
    merely begins with those letters.
    """

    __slots__ = ()
    pattern = r"[^\s,]+"
    allowed = r"a regular expression without spaces or commas, such as lsst\.sal\..*"
    example = ".*"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Check that the expression compiles."""
        try:
            re.compile(text)
        except re.error as error:
            raise PydanticCustomError(
                "value", "{allowed}; {reason}", {"allowed": cls.allowed, "reason": str(error)}
            ) from None
        return super().parse(text)

    def matches(self, topic: str) -> bool:
        """Tell whether the whole of ``topic`` matches."""
        return re.fullmatch(self, topic) is not None

    @property
    def literal(self) -> str | None:
        """The only name that matches; None where there may be several."""
        return self.prefix if re.fullmatch(_LITERALS, self) else None

    @property
    def prefix(self) -> str:
        """What every matching name begins with; empty where there is no such text."""
        if "|" in self:
            return ""
        literals = re.match(rf"{_LITERALS}(?![*?{{])", self)
        return re.sub(r"\\(.)", r"\1", literals.group()) if literals else ""
