"""The real program, told to wait for no rollout: what is left is the engine's own work."""

import runpy
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi

from efd_infra.manifests.annotations import SKIP_AWAIT

ROOT = Path(__file__).parents[2]

MAIN = f"""\
import sys

sys.path.insert(0, {str(ROOT)!r})
from tests.bench import impatient

impatient.run()
"""


def write(folder: Path) -> None:
    """Write a project around the real program into ``folder``."""
    folder.mkdir()
    shutil.copy(ROOT / "Pulumi.yaml", folder)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    (folder / "__main__.py").write_text(MAIN)


def run() -> None:
    """Run the real program inside the current stack."""
    pulumi.runtime.register_stack_transformation(_wait_for_nothing)
    runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__")


def _wait_for_nothing(
    args: pulumi.ResourceTransformationArgs,
) -> pulumi.ResourceTransformationResult | None:
    """Add the annotation with which the provider returns once the API server has an object."""
    metadata: Any = args.props.get("metadata")
    if not args.type_.startswith("kubernetes:") or metadata is None:
        return None
    if isinstance(metadata, Mapping):
        annotations = {**(metadata.get("annotations") or {}), **SKIP_AWAIT}
        metadata = {**metadata, "annotations": annotations}
    else:
        metadata.annotations = {**(metadata.annotations or {}), **SKIP_AWAIT}
    return pulumi.ResourceTransformationResult({**args.props, "metadata": metadata}, args.opts)
