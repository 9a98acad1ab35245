"""Build the tools from Go modules, once per user and version of devkit/go."""

import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from devkit import golang, simulation
from devkit.errors import DevkitError
from devkit.lock import only_one
from devkit.progress import counted, say, step

MODULE = Path(__file__).parent / "go"
DNS_MODULE = Path(__file__).parent / "dns"
"""CoreDNS apart: in one module it would change the versions of half of what the others build on."""
STORAGE_MODULE = Path(__file__).parent / "storage"
"""The provisioner of claims apart, for the same reason."""
POLICY_MODULE = Path(__file__).parent / "policy"
"""What enforces network policies apart, for the same reason."""

PULUMI = "github.com/pulumi/pulumi/sdk/v3"
KUBERNETES = "k8s.io/kubernetes"
KWOK = "sigs.k8s.io/kwok"

COMPILER_GOGC = "400"
"""The compiler's memory may grow to five times what it uses, which saves a sixth of its time."""

KEPT = 30 * 24 * 3600.0
"""Seconds for which an unused build is kept, for a checkout of another version."""

RENAMED = {"server": "etcd"}
"""Etcd's main package is the root of its module, so Go calls the program `server`."""

NODE_MODULES = (MODULE, DNS_MODULE, STORAGE_MODULE, POLICY_MODULE)

NODE_TOOLS = ("k8s.io/kubernetes/cmd/kubelet", "k8s.io/kubernetes/cmd/kube-proxy")
"""Tools of `go.mod` that only a real node needs, so that nobody else waits for them."""

LIST_DEPENDENCIES = ("list", "-deps", "-f", "{{.ImportPath}}")


def key(module: Path = MODULE) -> str:
    """Name this build: changes with go.mod, go.sum, our Go sources and this file."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted(module.rglob("*")):
        if path.suffix in {".go", ".mod", ".sum"} and not path.name.endswith("_test.go"):
            digest.update(f"{path.relative_to(module)}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Add Go's settings to `environ`; with others, a `go test` would compile everything anew."""
    flags = f"{environ.get('GOFLAGS', '')} -trimpath".strip()
    ours = {"CGO_ENABLED": "0", "GOWORK": "off", "GOFLAGS": flags}
    return {"GOGC": COMPILER_GOGC, **environ, **ours}


def ensure(cache: Path) -> Path:
    """Folder with `bin` and `stages`; builds them when this version was not built before."""
    return _ensure(cache, key(), "several minutes, about 10 GB of disk", _build)


def ensure_node(cache: Path) -> Path:
    """Folder with the programs of a real node, beyond those that `ensure` builds."""
    parts = "".join(key(module) for module in NODE_MODULES)
    name = f"node-{hashlib.sha256(parts.encode()).hexdigest()[:16]}"
    return _ensure(cache, name, "about four minutes", _build_node)


def _ensure(cache: Path, name: str, cost: str, make: Callable[[Path, Path], None]) -> Path:
    """Build once.

    A killed build is continued: what the compiler finished stays in Go's own build cache, and
    the folder gets its name only when everything is in it.
    """
    built = cache / name
    if not built.exists():
        with only_one(cache / "lock", "building the tools"):
            if not built.exists():
                say(f"building the tools from Go modules: once, {cost}")
                draft = cache / f"{built.name}.partial"
                make(golang.find(MODULE, cache), draft)
                draft.replace(built)
                _forget_unused(cache)
    built.touch()  # in use: see _forget_unused
    return built


def _forget_unused(cache: Path) -> None:
    """Remove builds, of 600 MB each, that no run has used for a while."""
    oldest = time.time() - KEPT
    for programs in cache.glob("*/bin"):
        if programs.parent.stat().st_mtime < oldest:
            shutil.rmtree(programs.parent, ignore_errors=True)


def _build(command: Path, draft: Path) -> None:
    environ = settings(os.environ)
    listed = _run([command, "list", "-f", "{{.ImportPath}}", "tool"], environ).split()
    _install(command, MODULE, draft, [name for name in listed if name not in NODE_TOOLS])
    for given, wanted in RENAMED.items():
        if (draft / "bin" / given).exists():
            (draft / "bin" / given).replace(draft / "bin" / wanted)
    source = Path(_module(command, environ, KWOK, "Dir")) / "kustomize" / "stage"
    (draft / "stages").mkdir(exist_ok=True)
    for file in simulation.KWOK_STAGES:
        shutil.copyfile(source / file, draft / "stages" / Path(file).name)


def _build_node(command: Path, draft: Path) -> None:
    _install(command, MODULE, draft, NODE_TOOLS)
    _install(command, DNS_MODULE, draft, ["."])
    (draft / "bin" / "dns").replace(draft / "bin" / "coredns")
    _install(command, STORAGE_MODULE, draft, ["tool"])
    _install(command, POLICY_MODULE, draft, ["tool"])


def _install(command: Path, module: Path, draft: Path, targets: Sequence[str]) -> None:
    environ = {**settings(os.environ), "GOBIN": str(draft / "bin")}
    with step("fetching Go modules"):
        listed = _run([command, *LIST_DEPENDENCIES, *targets], environ, module)
    total = len(set(listed.split()))
    arguments = ["install", "-v", f"-ldflags={_link_flags(command, environ)}"]
    _compile([command, *arguments, *targets], environ, total, module)


def _compile(argv: list[str | Path], environ: dict[str, str], total: int, module: Path) -> None:
    """Run `go install -v`, which names each package on standard error as it is compiled."""
    rest: list[str] = []
    with (
        counted("compiling the tools", total) as show,
        subprocess.Popen(
            argv, cwd=module, env=environ, stderr=subprocess.PIPE, text=True
        ) as compiler,
    ):
        done = 0
        for line in compiler.stderr or ():
            package = line.strip()
            if " " in package or package.startswith(("#", "go:")):
                rest.append(package)
            else:
                done += 1
                show(done, package)
    if compiler.returncode:
        raise _failure(rest)


def _run(argv: list[str | Path], environ: dict[str, str], module: Path = MODULE) -> str:
    done = subprocess.run(
        argv, cwd=module, env=environ, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise _failure(done.stderr.splitlines())
    return done.stdout


def _failure(lines: list[str]) -> DevkitError:
    telling = [line for line in lines if line and not line.startswith("go: downloading")]
    return DevkitError(
        f"the tools could not be built: {telling[-1] if telling else 'the compiler was ended'}",
        "run the same command again, it continues where it stopped; where no module proxy can be "
        "reached, set GOPROXY to one that can",
    )


def _module(command: Path, environ: dict[str, str], module: str, field: str) -> str:
    return _run([command, "list", "-m", "-f", f"{{{{.{field}}}}}", module], environ).strip()


def _link_flags(command: Path, environ: dict[str, str]) -> str:
    """Versions that the programs report, which nothing sets in a build from modules."""
    pulumi = _module(command, environ, PULUMI, "Version").removeprefix("v")
    kubernetes = _module(command, environ, KUBERNETES, "Version")
    major, minor, *_ = kubernetes.removeprefix("v").split(".")
    values = {
        f"{PULUMI}/go/common/version.Version": pulumi,
        "k8s.io/component-base/version.gitVersion": kubernetes,
        "k8s.io/component-base/version.gitMajor": major,
        "k8s.io/component-base/version.gitMinor": minor,
    }
    return " ".join(["-s", "-w", *(f"-X={name}={value}" for name, value in values.items())])
