"""How a Java client logs in at the brokers, in its own settings."""

from efd_infra.config.listener import PLAIN, SCRAM

_MODULES = {
    PLAIN: "org.apache.kafka.common.security.plain.PlainLoginModule",
    SCRAM: "org.apache.kafka.common.security.scram.ScramLoginModule",
}

LOGIN_DIR = "/etc/efd/kafka-login"
"""Where each pod that dials Kafka finds the Secret that says who it is there."""

CLIENT_PROPERTIES = "client.properties"
"""The file of a Secret that Kafka's tools take as their ``--command-config``."""

PROVIDER = "directory"
"""The name of the config provider that reads Secrets' files, in every settings file here."""


def config_provider(*folders: str) -> dict[str, str]:
    """Return the settings of a provider that reads files below ``folders`` and nothing else."""
    return {
        "config.providers": PROVIDER,
        f"config.providers.{PROVIDER}.class": (
            "org.apache.kafka.common.config.provider.DirectoryConfigProvider"
        ),
        # Or a connector could read any file of the worker; kept by Kafka 3.8 and newer.
        f"config.providers.{PROVIDER}.param.allowed.paths": ",".join(folders),
    }


def login(
    username: str,
    password: str,
    *,
    mechanism: str = SCRAM,
    protocol: str = "SASL_PLAINTEXT",
    options: str = "",
) -> dict[str, str]:
    """Return the settings with which ``username`` logs in; ``options`` are the module's others."""
    module = f"{_MODULES[mechanism]} required"
    return {
        "security.protocol": protocol,
        "sasl.mechanism": mechanism,
        "sasl.jaas.config": f'{module} username="{username}" password="{password}"{options};',
    }


def login_by_reference(folder: str, *, protocol: str = "SASL_PLAINTEXT") -> dict[str, str]:
    """Return the same with references to the files of a Secret at ``folder``.

    The provider replaces them in the process that logs in, so that no settings file, and no topic
    that settings are kept in, holds the password.
    """
    username, password = (f"${{{PROVIDER}:{folder}:{key}}}" for key in ("username", "password"))
    return login(username, password, protocol=protocol)
