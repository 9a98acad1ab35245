"""Programs compiled from Go modules into an image."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from devkit import build, golang
from devkit.errors import DevkitError
from devkit.program import run
from devkit.progress import counted

_NETWORK = "a proxy of Go modules (GOPROXY)"


def install(  # noqa: PLR0913 - what a Go build takes
    module: Path,
    root: Path,
    cache: Path,
    *,
    target: str = "tool",
    tags: tuple[str, ...] = (),
    variables: Mapping[str, str] | None = None,
) -> None:
    """Compile the programs of a module, by default those of its `tool` lines, into `/usr/bin`.

    What the compiler finished stays in Go's own build cache, so a killed build is continued.
    `variables` are set in the programs, such as a version that they report.
    """
    bin_folder = root / "usr" / "bin"
    bin_folder.mkdir(parents=True, exist_ok=True)
    go = golang.find(module, cache)
    environ = {**build.settings(os.environ), "GOBIN": str(bin_folder)}
    # The state of the checkout is no part of a program.
    given = ["-buildvcs=false", f"-tags={','.join(tags)}", target]
    listed = run(
        [go, "-C", module, "list", "-deps", *given],
        package="golang",
        network=_NETWORK,
        environ=environ,
    )
    flags = " ".join(["-s", "-w", *(f"-X={k}={v}" for k, v in (variables or {}).items())])
    argv: list[str | Path] = [go, "-C", module, "install", "-v", f"-ldflags={flags}", *given]
    _compile(argv, environ, module.name, len(set(listed.split())))


def _compile(argv: list[str | Path], environ: dict[str, str], name: str, total: int) -> None:
    """Run `go install -v`, which names each package on standard error as it is compiled."""
    rest: list[str] = []
    with (
        counted(f"compiling {name}", total) as show,
        subprocess.Popen(argv, env=environ, stderr=subprocess.PIPE, text=True) as compiler,
    ):
        for done, line in enumerate(compiler.stderr or (), start=1):
            package = line.strip()
            if " " in package:
                rest.append(package)
            show(done, package)
    if compiler.returncode:
        telling = [line for line in rest if not line.startswith("go: downloading")]
        raise DevkitError(
            f"{name} could not be compiled: {telling[-1] if telling else 'the compiler was ended'}",
            f"it needs {_NETWORK}; run the same command again, it continues",
        )
