"""Secret values as Kubernetes Secrets: the only place where the one becomes the other.

Owns generated passwords and the Secrets that carry them, one copy per namespace. Stops before
who reads them: components receive the name of a Secret, never its value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
import pulumi_random as random
from pulumi_kubernetes import core

from efd_infra.components.foundation.placement import Placement
from efd_infra.manifests.labels import Identity

PASSWORD_LENGTH = 32
"""Letters and digits only (190 bits): every consumer can carry them without quoting."""


@dataclass(frozen=True, kw_only=True)
class CredentialsArgs:
    """One credential: known values, generated ones, and the namespaces that need a copy."""

    namespaces: Mapping[str, pulumi.Input[str]]
    """By plain name, the namespaces that need a copy."""
    values: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Keys whose values are known, such as a user name or a configured secret."""
    generated: Mapping[str, int] = field(default_factory=dict)
    """Keys whose values are generated, with their length in characters."""
    generation: int = 1
    """Raised, it generates new values."""
    composed: Mapping[str, str] = field(default_factory=dict)
    """Keys whose values are texts, with ``{key}`` for each value above."""


class Credentials(pulumi.ComponentResource):
    """One credential as an auto-named Secret in each namespace that needs it.

    Auto-naming makes a changed value a new Secret, which rolls the pods that mount it.
    """

    secret_names: dict[str, pulumi.Output[str]]
    """By namespace, the name of the Secret there."""
    values: dict[str, pulumi.Output[str]]
    """By key, the secret values; for stack outputs and composed files only."""

    def __init__(
        self, name: str, args: CredentialsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:foundation:Credentials", name, {}, opts)
        generated = {key: self._password(name, key, args) for key in args.generated}
        known = {key: pulumi.Output.secret(value) for key, value in args.values.items()}
        values = {**known, **generated}
        composed = {
            key: pulumi.Output.format(args.composed[key], **values) for key in args.composed
        }
        self.values = {**values, **composed}
        self.secret_names = {
            plain: self._secret(name, f"{name}-{plain}", namespace)
            for plain, namespace in args.namespaces.items()
        }
        self.register_outputs({"secret_names": self.secret_names})

    def _password(self, name: str, key: str, args: CredentialsArgs) -> pulumi.Output[str]:
        password = random.RandomPassword(
            f"{name}-{key}",
            length=args.generated[key],
            special=False,
            # A first generation has none, or every password of before would be replaced.
            keepers={"generation": str(args.generation)} if args.generation > 1 else None,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return password.result

    def _secret(
        self, name: str, logical_name: str, namespace: pulumi.Input[str]
    ) -> pulumi.Output[str]:
        identity = Identity(name="credentials", instance=name, layer="foundation")
        placement = Placement(parent=self, namespace=namespace, identity=identity)
        secret = core.v1.Secret(
            logical_name,
            metadata=placement.metadata(),
            string_data=self.values,
            opts=placement.child,
        )
        return secret.metadata.name
