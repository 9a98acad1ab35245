"""A layer's tar file depends on names and contents, and on nothing of the machine."""

import os
import tarfile
from pathlib import Path

from devkit.images import layer


def tree(root: Path) -> Path:
    (root / "etc").mkdir(parents=True)
    (root / "etc" / "passwd").write_text("root:x:0:0")
    (root / "run.sh").write_text("#!/bin/sh")
    (root / "run.sh").chmod(0o700)
    (root / "sh").symlink_to("run.sh")
    (root / "tmp").mkdir()
    (root / "tmp").chmod(0o1777)
    return root


def written(root: Path, path: Path) -> Path:
    layer.write(root, path)
    return path


def test_the_same_content_gives_the_same_digest(tmp_path: Path) -> None:
    one, other = tree(tmp_path / "one"), tree(tmp_path / "other")
    os.utime(other / "run.sh", (1, 1))
    (other / "etc" / "passwd").chmod(0o600)
    first, second = written(one, tmp_path / "1"), written(other, tmp_path / "2")
    assert layer.digest(first) == layer.digest(second)


def test_what_matters_is_kept(tmp_path: Path) -> None:
    with tarfile.open(written(tree(tmp_path / "root"), tmp_path / "tar")) as tar:
        members = {member.name: member for member in tar}
    assert list(members) == ["etc", "etc/passwd", "run.sh", "sh", "tmp"]
    assert members["sh"].linkname == "run.sh"
    assert members["tmp"].mode == 0o1777, "every user of a container writes there"
    assert members["run.sh"].mode == 0o755
    assert members["etc/passwd"].mode == 0o644, "a container's user is not its builder"
    assert {(each.uid, each.gid, each.uname) for each in members.values()} == {(0, 0, "")}
