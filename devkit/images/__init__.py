"""Container images made from registry packages only, in place of the published ones."""

from devkit.images.artifact import ensure_artifact
from devkit.images.store import ensure, unpacked

__all__ = ["ensure", "ensure_artifact", "unpacked"]
