"""The monitor that records what a program registers, and answers like an engine."""

import hashlib
from typing import Any, NoReturn

from google.protobuf import empty_pb2
from pulumi.runtime import mocks
from pulumi.runtime.proto import engine_pb2, resource_pb2

from rendering import wire
from rendering.registration import Registration
from rendering.resource import Path

PROJECT = "efd"
STACK_TYPE = "pulumi:pulumi:Stack"
CANARY = "CANARY"
"""What every generated password begins with, so that a leaked one is recognised anywhere."""


class _NoMocks(mocks.Mocks):
    """The monitor answers by itself; whatever else a program asks for is an error."""

    def call(self, args: mocks.MockCallArgs) -> NoReturn:
        raise AssertionError(f"the program calls {args.token}; no test expects a call")

    def new_resource(self, args: mocks.MockResourceArgs) -> NoReturn:
        raise AssertionError(f"the program reads {args.typ} {args.name}; no test expects that")


class RecordingMonitor(mocks.MockMonitor):
    """Answers like an engine whose providers return what they were given.

    The overridden methods run on worker threads. The originals would open an event loop on
    each of them and never close it, and would keep only one of two resources of the same URN.
    """

    def __init__(self, stack: str, *, preview: bool) -> None:
        super().__init__(_NoMocks())
        self.stack = stack
        self.preview = preview
        self.registrations: list[Registration] = []
        self.outputs: dict[str, dict[str, Any]] = {}

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """Return the URN that the engine would give: it names the whole chain of types."""
        chain = parent.split("::")[2] if parent else STACK_TYPE
        qualified = type_ if chain == STACK_TYPE else f"{chain}${type_}"
        return f"urn:pulumi:{self.stack}::{PROJECT}::{qualified}::{name}"

    def Invoke(self, request: Any) -> Any:  # noqa: N802 -- gRPC's name
        """Refuse: a provider's function reads something outside the program."""
        return self.mocks.call(mocks.MockCallArgs(request.tok, {}, request.provider))

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 -- gRPC's name
        """Record a registration and answer with its inputs and what a provider would add."""
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type == STACK_TYPE:
            return resource_pb2.RegisterResourceResponse(urn=urn)
        state = wire.received(request.object)
        autonamed = "kind" in state and "name" not in (state.get("metadata") or {})
        if autonamed:
            state["metadata"] = {**(state.get("metadata") or {}), "name": _auto_name(request.name)}
        secrets: set[Path] = set()
        self.registrations.append(
            Registration(
                urn=urn,
                token=request.type,
                name=request.name,
                inputs=wire.plain(state, secrets),
                secret_paths=frozenset(secrets),
                parent=request.parent,
                provider=request.provider,
                custom=request.custom,
                autonamed=autonamed,
                protect=request.protect,
                retain_on_delete=request.retainOnDelete,
                dependencies=frozenset(request.dependencies),
                aliases=tuple(str(alias) for alias in request.aliases),
                ignore_changes=tuple(request.ignoreChanges),
            )
        )
        state |= self._computed(request)
        for key in request.additionalSecretOutputs:
            if key in state:
                state[key] = wire.secret(state[key])
        identity = f"{request.name}-id" if request.custom else ""
        return resource_pb2.RegisterResourceResponse(urn=urn, id=identity, object=wire.sent(state))

    def _computed(self, request: Any) -> dict[str, Any]:
        """Return what a provider adds to the inputs."""
        match request.type:
            case "random:index/randomPassword:RandomPassword":
                length = int(wire.received(request.object)["length"])
                return {"result": wire.UNKNOWN if self.preview else canary(request.name, length)}
            case "random:index/randomId:RandomId":
                return {"b64Url": wire.UNKNOWN if self.preview else _digest(request.name)[:22]}
            case "gcp:container/cluster:Cluster":
                state = wire.received(request.object)
                name = wire.UNKNOWN if self.preview else f"{state['name']}.gke.example.org"
                wanted = state.get("controlPlaneEndpointsConfig") or {}
                endpoint = {**(wanted.get("dnsEndpointConfig") or {}), "endpoint": name}
                return {"controlPlaneEndpointsConfig": {**wanted, "dnsEndpointConfig": endpoint}}
            case "gcp:compute/address:Address":
                return {"address": wire.UNKNOWN if self.preview else "192.0.2.80"}
            case "gcp:serviceaccount/account:Account":
                account = wire.received(request.object)["accountId"]
                return {"email": f"{account}@project.iam.example.org"}
            case token if token.startswith("random:"):
                raise AssertionError(f"this monitor does not know what {token} computes")
        return {}

    def RegisterResourceOutputs(self, request: Any) -> empty_pb2.Empty:  # noqa: N802 -- gRPC's
        """Record what a component, or the stack, returns."""
        self.outputs[request.urn] = wire.received(request.outputs)
        return empty_pb2.Empty()


class RecordingEngine(mocks.MockEngine):
    """Keeps what the program warned of."""

    def __init__(self) -> None:
        super().__init__(None)
        self.warnings: list[str] = []

    def Log(self, request: Any) -> None:  # noqa: N802 -- gRPC's name
        """Record a warning."""
        if request.severity == engine_pb2.WARNING:
            self.warnings.append(request.message)


def canary(name: str, length: int) -> str:
    """Return the password that the generator called ``name`` gives under this monitor."""
    return f"{CANARY}{_digest(name)}"[:length]


def _auto_name(name: str) -> str:
    return f"{name}-{_digest(name)[:8]}"


def _digest(name: str) -> str:
    return hashlib.sha512(name.encode()).hexdigest()
