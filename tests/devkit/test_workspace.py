"""Folders and site names."""

from pathlib import Path

import pytest

from devkit.errors import DevkitError
from devkit.workspace import Workspace


def workspace(tmp_path: Path) -> Workspace:
    for site in ("local", "summit"):
        (tmp_path / f"Pulumi.{site}.yaml").touch()
    return Workspace.from_environment({"EFD_PROJECT_DIR": str(tmp_path), "HOME": str(tmp_path)})


def test_an_unknown_site_is_refused_with_the_sites_there_are(tmp_path: Path) -> None:
    with pytest.raises(DevkitError) as refusal:
        workspace(tmp_path).site_file("sumit")
    assert "no site 'sumit'" in refusal.value.what
    assert "local, summit" in refusal.value.todo, "the way out is to choose one of them"


def test_a_site_name_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "Pulumi.yaml").touch()
    with pytest.raises(DevkitError):
        workspace(tmp_path).site_file("../Pulumi")


def test_site_files_may_lie_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.other.yaml").touch()
    found = Workspace.from_environment({"EFD_SITE_DIR": str(tmp_path)})
    assert found.site_names() == ["other"]
    assert found.project != tmp_path, "the program stays this checkout's"


def test_the_cache_is_the_user_s_and_not_the_checkout_s(tmp_path: Path) -> None:
    found = Workspace.from_environment({"XDG_CACHE_HOME": str(tmp_path)})
    assert found.cache == tmp_path / "efd-devkit", "two checkouts build the tools once"
