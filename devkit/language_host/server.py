"""The process that the Pulumi CLI starts: a gRPC server that is up before Pulumi's SDK is loaded.

The CLI starts a language host more than once per command, sometimes only to ask for its version,
and importing the SDK takes several times as long as all else. So the server answers first and
imports meanwhile.
"""

import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import grpc

# Programs of many objects send messages beyond gRPC's default of 4 MB; the engine allows 400 MB.
_LARGEST_MESSAGE = 400 * 1024 * 1024


class _Methods(grpc.GenericRpcHandler):
    """Finds the function for a call, and loads the service when one needs it."""

    def __init__(self, engine_address: str) -> None:
        self._engine_address = engine_address

    @cache  # noqa: B019  # there is one for the life of the process
    def load(self) -> grpc.GenericRpcHandler:
        """Import the service and Pulumi's SDK with it."""
        from devkit.language_host import service  # noqa: PLC0415  # the point of this module

        return service.handler(self._engine_address)

    def service(
        self, handler_call_details: grpc.HandlerCallDetails
    ) -> "grpc.RpcMethodHandler[Any, Any] | None":
        """Return the function for a call."""
        if handler_call_details.method.endswith("/GetPluginInfo"):
            # The host is as new as the SDK that it runs programs with: nothing to tell.
            return grpc.unary_unary_rpc_method_handler(lambda _request, _context: b"")
        return self.load().service(handler_call_details)


def serve(engine_address: str) -> None:
    """Serve the engine on a free local port, told by the first line of output, until SIGINT."""
    methods = _Methods(engine_address)
    limits = [("grpc.max_receive_message_length", _LARGEST_MESSAGE)]
    server = grpc.server(ThreadPoolExecutor(max_workers=4), handlers=[methods], options=limits)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    signal.signal(signal.SIGINT, lambda *_: _end())
    signal.signal(signal.SIGTERM, lambda *_: _end())
    engine = os.getppid()
    print(port, flush=True)
    threading.Thread(target=methods.load, daemon=True).start()
    while os.getppid() == engine:  # an engine that was killed sends no signal
        server.wait_for_termination(timeout=1)
    _end()


def _end() -> None:
    """Leave at once: an orderly end would wait for the program, which may wait for the engine."""
    sys.stdout.flush()
    sys.stderr.flush()
    if os.getpgrp() == os.getpid():  # the CLI starts its plugins so: no policy pack stays behind
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.killpg(0, signal.SIGTERM)
    os._exit(0)
