"""Kafdrop's arguments, and those of the proxy that asks its visitors to log in."""

from efd_infra.config.contract import KAFDROP, KAFDROP_LOGIN
from efd_infra.config.login import LoginSection


def kafdrop_arguments(*, bootstrap: str, registry_url: str, client_properties: str) -> list[str]:
    """Return Kafdrop's arguments: records are shown as Avro, and nothing can be changed."""
    return [
        f"--server.port={KAFDROP.port}",
        f"--management.server.port={KAFDROP.port}",
        # By default every visitor may dump the heap.
        "--management.endpoints.web.exposure.include=health",
        f"--kafka.brokerConnect={bootstrap}",
        f"--kafka.propertiesFile={client_properties}",
        f"--schemaregistry.connect={registry_url}",
        "--message.format=AVRO",
        "--message.keyFormat=AVRO",
        "--message.sendEnabled=false",
        "--topic.deleteEnabled=false",
        "--topic.createEnabled=false",
        # Any other site's script may read what this one answers, by default.
        "--cors.enabled=false",
    ]


def login_proxy_arguments(login: LoginSection, *, public_url: str, secrets_dir: str) -> list[str]:
    """Return oauth2-proxy's arguments: members of the organisations may enter.

    ``secrets_dir`` holds the files ``client-secret`` and ``cookie-secret``. Organisations are
    given as groups: the proxy's own ``--github-org`` takes one name only.
    """
    return [
        "--provider=github",
        *(f"--allowed-group={organization}" for organization in login.organizations),
        # Membership decides; without this no e-mail address would be let in.
        "--email-domain=*",
        f"--client-secret-file={secrets_dir}/client-secret",
        f"--cookie-secret-file={secrets_dir}/cookie-secret",
        "--cookie-secure=true",
        "--cookie-samesite=lax",
        f"--redirect-url={public_url}/oauth2/callback",
        f"--upstream={KAFDROP.url}",
        f"--http-address=0.0.0.0:{KAFDROP_LOGIN.port}",
        # Behind the Ingress controller, which says who asked.
        "--reverse-proxy=true",
        "--skip-provider-button=true",
        # Kafdrop has no use for the visitor's identity.
        "--pass-basic-auth=false",
        "--pass-user-headers=false",
        "--silence-ping-logging=true",
    ]
