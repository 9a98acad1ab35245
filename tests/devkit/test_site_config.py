"""The copy of a site file that a stack is configured from."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from devkit import passphrase, site_config

TRACKED = """\
secretsprovider: hashivault://efd
encryptedkey: from-the-vault
encryptionsalt: the-site-s
config:
  efd:site: {name: summit}
  efd:chronografClientSecret: {secure: the-site-s}
"""


@pytest.fixture
def tracked(tmp_path: Path) -> Path:
    path = tmp_path / "Pulumi.summit.yaml"
    path.write_text(TRACKED)
    return path


def renewed(tracked: Path, own: dict[str, Any], *, keep_secrets: bool = False) -> dict[str, Any]:
    copy = tracked.parent / "copies" / "Pulumi.summit.yaml"
    copy.parent.mkdir(exist_ok=True)
    if own:
        copy.write_text(yaml.safe_dump(own))
    site_config.renew(tracked, copy, keep_secrets=keep_secrets)
    document: dict[str, Any] = yaml.safe_load(copy.read_text())
    return document


def test_the_tracked_file_stays_as_it_is(tracked: Path) -> None:
    renewed(tracked, {"encryptionsalt": "ours"})
    assert tracked.read_text() == TRACKED


def test_the_salt_of_this_machine_is_kept(tracked: Path) -> None:
    found = renewed(tracked, {"encryptionsalt": "ours", "config": {"efd:site": {"name": "old"}}})
    assert found["encryptionsalt"] == "ours", "another salt makes the state unreadable"
    assert "secretsprovider" not in found, "the site's vault cannot be reached from here"
    assert found["config"]["efd:site"] == {"name": "summit"}, "the site is as the tracked file says"


def test_a_secret_of_the_site_is_left_out_and_reported(tracked: Path) -> None:
    found = renewed(tracked, {"encryptionsalt": "ours"})
    assert "efd:chronografClientSecret" not in found["config"]
    copy = tracked.parent / "copies" / tracked.name
    assert site_config.missing_secrets(tracked, copy) == ["efd:chronografClientSecret"]


def test_a_placeholder_of_this_machine_stays_the_same(tracked: Path) -> None:
    ours = {"efd:chronografClientSecret": {"secure": "ours"}}
    found = renewed(tracked, {"encryptionsalt": "ours", "config": ours})
    assert found["config"]["efd:chronografClientSecret"] == {"secure": "ours"}, (
        "a new value on each run would be a change on each run"
    )


def test_who_brings_the_site_s_passphrase_keeps_the_site_s_secrets(tracked: Path) -> None:
    found = renewed(tracked, {}, keep_secrets=True)
    assert found == yaml.safe_load(TRACKED)


def test_a_stack_of_the_site_s_secrets_stays_one(tracked: Path) -> None:
    renewed(tracked, {}, keep_secrets=True)
    assert renewed(tracked, {}) == yaml.safe_load(TRACKED), (
        "without the passphrase the run fails; it must not lose what was there"
    )


def test_a_stack_of_this_machine_s_secrets_stays_one(tracked: Path) -> None:
    found = renewed(tracked, {"encryptionsalt": "ours"}, keep_secrets=True)
    assert found["encryptionsalt"] == "ours", "a passphrase set by chance must not damage it"


def test_a_made_up_passphrase_is_readable_by_its_owner_only_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "passphrase"
    found = passphrase.ensure(path, {})
    assert found == {"PULUMI_CONFIG_PASSPHRASE_FILE": str(path)}
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_text()
    passphrase.ensure(path, {})
    assert path.read_text() == before


def test_the_user_s_own_passphrase_goes_first(tmp_path: Path) -> None:
    path = tmp_path / "passphrase"
    assert passphrase.ensure(path, {"PULUMI_CONFIG_PASSPHRASE": "mine"}) == {}
    assert not path.exists()
