"""Names that other software gives or takes: databases, fields, node labels, organisations."""

from efd_infra.config.values import PatternedText


class Identifier(PatternedText):
    """An InfluxDB database or retention policy; one that needs no quoting in any tool."""

    __slots__ = ()
    pattern = r"[a-z_][a-z0-9_]*"
    allowed = "lower-case letters, digits and underscores, such as efd"
    example = "efd"


class FieldName(PatternedText):
    """A field of an Avro record."""

    __slots__ = ()
    pattern = r"[A-Za-z_][A-Za-z0-9_]*"
    allowed = "the name of an Avro field, such as private_efdStamp"
    example = "private_efdStamp"


class LabelKey(PatternedText):
    """The key of a Kubernetes label."""

    __slots__ = ()
    pattern = (
        r"([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
    )
    allowed = "the key of a Kubernetes label, such as kubernetes.io/hostname"
    example = "kafka"


class LabelValue(PatternedText):
    """The value of a Kubernetes label."""

    __slots__ = ()
    pattern = r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?"
    allowed = "the value of a Kubernetes label, such as ok; at most 63 characters"
    example = "ok"


class Organization(PatternedText):
    """A GitHub organisation."""

    __slots__ = ()
    pattern = r"[A-Za-z0-9][-A-Za-z0-9]{0,38}"
    allowed = "a GitHub organisation, such as lsst-sqre"
    example = "lsst-sqre"


class UserName(PatternedText):
    """A user of Kafka. In lower case, because ``ANONYMOUS`` is whoever did not log in."""

    __slots__ = ()
    pattern = r"[a-z]([-a-z0-9]{0,38}[a-z0-9])?"
    allowed = "lower-case letters, digits and inner hyphens, at most 40, such as sal-producer"
    example = "user"


class Prefix(PatternedText):
    """How the names of topics or of consumer groups begin; neither a pattern nor everything."""

    __slots__ = ()
    pattern = r"[A-Za-z0-9._-]{1,249}"
    allowed = "letters, digits, dots, underscores and hyphens, such as lsst.sal.; no wildcard"
    example = "lsst.sal."


class MailAddress(PatternedText):
    """A plain mail address, without the name of a person."""

    __slots__ = ()
    pattern = r"[A-Za-z0-9._%+-]+@([A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
    allowed = "a mail address such as efd-oncall@example.org"
    example = "efd@example.org"


class SlackChannel(PatternedText):
    """A channel of Slack, by its name or by its number."""

    __slots__ = ()
    pattern = r"#[a-z0-9][-_a-z0-9]{0,79}|[CG][A-Z0-9]{8,}"
    allowed = "a channel such as '#efd-alerts', or its number such as C0123456789"
    example = "#efd"
