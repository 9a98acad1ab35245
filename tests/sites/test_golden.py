"""The inventory of every site: what a change adds, takes away, moves or unprotects.

``pytest tests/sites/test_golden.py --update-golden`` rewrites the files; the difference is what
a reviewer reads.
"""

from pathlib import Path

import pytest

from rendering.recording import Run
from rendering.registration import Registration
from tests.support.site_case import SITES, SiteCase

_FOLDER = Path(__file__).parent / "golden"


def inventory(run: Run) -> str:
    """Return one line for each resource, sorted: where it stands, what it is, if it is kept."""
    return "".join(sorted(f"{_line(resource, run)}\n" for resource in run.resources))


def _line(resource: Registration, run: Run) -> str:
    place = [f"{p.token.rpartition(':')[2]}[{p.name}]" for p in run.parents(resource)]
    path = " > ".join([*place, f"{resource.token.rpartition(':')[2]}[{resource.name}]"])
    words = [path]
    if resource.is_object:
        name = "(auto-named)" if resource.autonamed else resource.object_name
        words.append("/".join(filter(None, [resource.namespace, name])))
    if resource.protect:
        words.append("protected")
    if resource.retain_on_delete:
        words.append("retained")
    return "  ".join(words)


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_the_inventory_of_a_site_is_the_reviewed_one(
    site: SiteCase, request: pytest.FixtureRequest
) -> None:
    golden = _FOLDER / f"{site.name}.txt"
    now = inventory(site.run)
    if request.config.getoption("--update-golden"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(now, encoding="utf-8")
    assert golden.exists(), "a new site: run pytest with --update-golden and review the file"
    assert now == golden.read_text(encoding="utf-8"), (
        "if the change is meant, run pytest with --update-golden and review the difference"
    )


def test_there_is_no_inventory_without_a_site(request: pytest.FixtureRequest) -> None:
    extra = {path.stem for path in _FOLDER.glob("*")} - {site.name for site in SITES}
    if request.config.getoption("--update-golden"):
        for name in extra:
            (_FOLDER / f"{name}.txt").unlink()
        extra = set()
    assert extra == set(), "the inventory of a site that is gone"


def test_a_lost_protection_shows_in_the_inventory(run: Run) -> None:
    kept = [line for line in inventory(run).splitlines() if line.endswith("protected  retained")]
    assert len(kept) == len([r for r in run.resources if r.protect and r.retain_on_delete])
