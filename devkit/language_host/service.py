"""The gRPC service by which the Pulumi engine runs Python programs."""

import logging
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import grpc
from pulumi.runtime import reset_options, set_all_config
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

from devkit.language_host import packages, plugin_process, program


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Answers the engine's questions about a Python program and runs it."""

    def __init__(self, engine_address: str) -> None:
        self._engine_address = engine_address

    def Handshake(  # noqa: N802
        self, request: language_pb2.LanguageHandshakeRequest, context: grpc.ServicerContext
    ) -> language_pb2.LanguageHandshakeResponse:
        """Learn the engine's address, if the host was attached to instead of started."""
        self._engine_address = request.engine_address or self._engine_address
        return language_pb2.LanguageHandshakeResponse()

    def About(  # noqa: N802
        self, request: language_pb2.AboutRequest, context: grpc.ServicerContext
    ) -> language_pb2.AboutResponse:
        """Tell which Python runs the programs."""
        version = ".".join(map(str, sys.version_info[:3]))
        return language_pb2.AboutResponse(executable=sys.executable, version=version)

    def GetRequiredPackages(  # noqa: N802
        self, request: language_pb2.GetRequiredPackagesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetRequiredPackagesResponse:
        """Tell the plugins that the program's packages need."""
        return language_pb2.GetRequiredPackagesResponse(packages=packages.required())

    def GetProgramDependencies(  # noqa: N802
        self, request: language_pb2.GetProgramDependenciesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetProgramDependenciesResponse:
        """Tell the program's packages, for ``pulumi about``."""
        return language_pb2.GetProgramDependenciesResponse(dependencies=packages.installed())

    def Run(  # noqa: N802
        self, request: language_pb2.RunRequest, context: grpc.ServicerContext
    ) -> language_pb2.RunResponse:
        """Run the program. `bail` says that the user has already been told what went wrong."""
        reset_options(
            project=request.project,
            stack=request.stack,
            organization=request.organization or "organization",
            monitor_address=request.monitor_address,
            engine_address=self._engine_address,
            parallel=request.parallel,
            preview=request.dryRun,
        )
        set_all_config(dict(request.config), list(request.configSecretKeys))
        directory = Path(request.info.program_directory or request.pwd)
        entry_point = directory / (request.info.entry_point or request.program or ".")
        target = program.Program(
            Path(request.pwd or directory), Path(os.path.normpath(entry_point))
        )
        return language_pb2.RunResponse(bail=not program.run(target, request.parallel))

    def RunPlugin(  # noqa: N802
        self, request: language_pb2.RunPluginRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.RunPluginResponse]:
        """Run a policy pack until the engine has no more use for it."""
        if request.kind != "analyzer":
            message = f"cannot run a plugin of kind {request.kind!r} written in Python"
            context.abort(grpc.StatusCode.UNIMPLEMENTED, message)
        process = plugin_process.run_policy_pack(request)
        context.add_callback(process.kill)
        yield from plugin_process.stream(process)


class _Registry:
    """Takes the place of a server to get at what the generated code registers with one."""

    handlers: Sequence[grpc.GenericRpcHandler]

    def add_generic_rpc_handlers(self, handlers: Sequence[grpc.GenericRpcHandler]) -> None:
        """Keep the handler of the service."""
        self.handlers = handlers

    def add_registered_method_handlers(self, _service: str, _methods: object) -> None:
        """Ignore the faster way of registration, which a running server cannot follow."""


def handler(engine_address: str) -> grpc.GenericRpcHandler:
    """Return the handler of all calls about the language runtime."""
    logging.getLogger("asyncio").setLevel(
        logging.CRITICAL
    )  # the program's errors are shown already
    registry = _Registry()
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(
        LanguageHost(engine_address), cast("grpc.Server", registry)
    )
    return registry.handlers[0]
