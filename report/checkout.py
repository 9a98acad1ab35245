"""A folder that holds the program as it was: one that is there, or a revision of git."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from verify.finding import UnaskedError

_PATIENCE = 60.0


@contextmanager
def checkout(named: str, repository: Path) -> Iterator[Path]:
    """Give the folder ``named``, or a work tree of that revision, which is removed afterwards.

    Raises
    ------
    UnaskedError
        If it is neither a folder with a program nor a revision.
    """
    folder = Path(named)
    if folder.is_dir():
        if not (folder / "__main__.py").is_file():
            raise UnaskedError(f"there is no program in {folder}: a checkout has a __main__.py")
        yield folder
        return
    revision = _git(repository, "rev-parse", "--verify", "--end-of-options", f"{named}^{{commit}}")
    with tempfile.TemporaryDirectory(prefix="efd-report-") as parent:
        tree = Path(parent) / "tree"
        _git(repository, "worktree", "add", "--detach", "--quiet", str(tree), revision)
        try:
            yield tree
        finally:
            _git(repository, "worktree", "remove", "--force", str(tree))


def _git(repository: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 -- git, and a revision behind --end-of-options
            ["git", "-C", str(repository), *arguments],  # noqa: S607 -- the one on the path
            check=False,
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnaskedError(f"git {arguments[0]}: {error}") from None
    if done.returncode:
        said = " ".join(done.stderr.split()) or f"git {arguments[0]} failed"
        raise UnaskedError(f"no folder, and no revision that git can check out: {said}")
    return done.stdout.strip()
