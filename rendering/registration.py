"""One recorded registration: everything the program told the engine about a resource."""

from dataclasses import dataclass

from rendering.resource import Path, Resource


@dataclass(frozen=True, kw_only=True, repr=False)
class Registration(Resource):
    """A resource as the program registered it; secrets are unwrapped but remembered.

    The URN is the one that the engine would give; an auto-named object has the name that it was
    given.
    """

    secret_paths: frozenset[Path]
    """Where in ``inputs`` a secret was wrapped; everything below is secret too."""
    parent: str
    """URN of the parent; empty for the stack."""
    provider: str
    """``urn::id`` of an explicit provider, else empty."""
    custom: bool
    """Whether a provider manages it; components are not custom."""
    autonamed: bool
    """A Kubernetes object without a name of its own."""
    retain_on_delete: bool
    dependencies: frozenset[str]
    """URNs of what must exist first."""
    aliases: tuple[str, ...]
    ignore_changes: tuple[str, ...]

    def is_secret(self, path: Path) -> bool:
        """Whether the value at ``path`` is secret, by itself or by something around it."""
        return any(path[:length] in self.secret_paths for length in range(1, len(path) + 1))
