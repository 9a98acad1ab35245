"""Kube-score, which others wrote: built from its Go module, and asked about a site's objects.

https://github.com/zegl/kube-score
"""

import hashlib
import json
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from devkit.images import compiled
from devkit.lock import only_one
from policy.finding import Finding
from rendering.resource import Resource

NAME = "kube-score"
MODULE = Path(__file__).parent
"""The folder of its `go.mod`, apart from the tools: it wants other versions of what they share."""
KUBERNETES = "v1.36"
"""The release by which it judges versions of APIs."""

_FULL_MARKS = 10
_PATIENCE = 60.0
"""Seconds for one site, many times what it takes."""


class ScannerError(Exception):
    """Kube-score could not be asked."""


def ensure(cache: Path) -> Path:
    """Return the program, built when this version was not built before: 50 s of a processor."""
    digest = hashlib.sha256()
    for name in ("go.mod", "go.sum"):
        digest.update((MODULE / name).read_bytes())
    built = cache / f"{NAME}-{digest.hexdigest()[:16]}"
    if not built.exists():
        with only_one(cache / f"{NAME}.lock", f"building {NAME}"):
            if not built.exists():
                draft = built.with_suffix(".partial")
                compiled.install(MODULE, draft, cache)
                draft.replace(built)
    return built / "usr" / "bin" / NAME


def findings(program: Path, site: str, objects: Iterable[Resource]) -> Iterator[Finding]:
    """Yield what kube-score finds in the objects of a site."""
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    argv = [
        str(program),
        "score",
        f"--kubernetes-version={KUBERNETES}",
        "--output-format=json",
        "-",
    ]
    done = subprocess.run(  # noqa: S603 -- the program that was built
        argv,
        input=yaml.dump_all([each.inputs for each in objects], Dumper=dumper),
        check=False,
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
    )
    try:
        judged = json.loads(done.stdout)
    except json.JSONDecodeError:
        said = (done.stderr or done.stdout).strip() or "nothing"
        raise ScannerError(f"{NAME} did not judge {site}, it said: {said}") from None
    for each in judged:
        yield from _of_object(site, each)


def _of_object(site: str, judged: dict[str, Any]) -> Iterator[Finding]:
    metadata = judged["object_meta"]
    place = "/".join(filter(None, (metadata.get("namespace"), metadata["name"])))
    for check in judged["checks"]:
        if check["skipped"] or check["grade"] >= _FULL_MARKS:
            continue
        for comment in check["comments"] or [{}]:
            said = comment.get("summary") or check["check"]["comment"]
            yield Finding(
                site=site,
                scanner=NAME,
                check=check["check"]["id"],
                object=f"{judged['type_meta']['kind']} {place}",
                words=f"{comment['path']}: {said}" if comment.get("path") else said,
            )
