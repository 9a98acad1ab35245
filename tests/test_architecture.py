"""The shape of the code, read from its syntax trees: layers, sizes, one noun for each file."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from rendering.engine import ROOT
from tests.support.site_case import SITES

_LAYERS = ("config", "artifacts", "manifests", "components")
"""Inside ``efd_infra``, each may import itself and the ones before it."""

_MAY_IMPORT_PULUMI = re.compile(
    r"__main__|stacks\..*|efd_infra\.components\..*|efd_infra\.config\.(loader|secrets)"
)
_READS_CONFIG = {"__main__", "efd_infra.config.loader", "efd_infra.config.secrets"}
_NO_SITES = {"efd_infra.__main__": "sandbox", "efd_infra.manifests.dashboards.dashboard": "base"}
"""Names of sites that are words with another meaning in a module: a command, and of an axis."""
_VAGUE = {"util", "utils", "helper", "helpers", "common", "base", "misc", "tools", "shared"}

_HARD_LIMIT = 400
_SOFT_LIMIT = 250
_LONG_FILES = {
    "efd_infra/config/values.py": "one short class for each kind of value",
    "tests/support/full_site.py": "every value that a site can say",
}
"""Files above the soft limit, each with the reason why it is not two."""

_AT_IMPORT = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)


def _files(*places: str) -> list[Path]:
    return [path for place in places for path in sorted((ROOT / place).rglob("*.py"))]


def _is_delivered(path: Path) -> bool:
    """Whether it is an artifact, which runs in a container and not here."""
    return path.parent != _ARTIFACTS and path.is_relative_to(_ARTIFACTS)


_ARTIFACTS = ROOT / "efd_infra" / "artifacts"
PROGRAM = [
    ROOT / "__main__.py",
    *(path for path in _files("efd_infra", "stacks") if not _is_delivered(path)),
]
_TOOLS = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"efd_infra", "stacks"}
"""Packages beside the program, which it does not know."""

OWN = [*PROGRAM, *_files("tests", *sorted(_TOOLS))]


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _module(path: Path) -> str:
    return _name(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{_name(path)} imports relative to itself"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _layer(module: str) -> str | None:
    package, _, rest = module.partition(".")
    return rest.partition(".")[0] if package == "efd_infra" else None


def _classes(path: Path, base: str) -> list[ast.ClassDef]:
    return [
        node
        for node in _tree(path).body
        if isinstance(node, ast.ClassDef) and any(base in ast.unparse(b) for b in node.bases)
    ]


def _calls(path: Path) -> Iterator[str]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


PATHS = pytest.mark.parametrize("path", PROGRAM, ids=_name)


@PATHS
def test_a_layer_imports_only_the_ones_before_it(path: Path) -> None:
    own = _layer(_module(path))
    for imported in _imports(path):
        layer = _layer(imported)
        if own in _LAYERS and layer in _LAYERS:
            assert _LAYERS.index(layer) <= _LAYERS.index(own), f"{own} imports {imported}"
        if own is not None:
            assert not imported.startswith("stacks"), f"efd_infra imports {imported}"
        assert imported.partition(".")[0] not in {"tests", *_TOOLS}, (
            f"the program imports {imported}"
        )


@PATHS
def test_only_components_stacks_and_the_loader_know_pulumi(path: Path) -> None:
    if not _MAY_IMPORT_PULUMI.fullmatch(_module(path)):
        assert [name for name in _imports(path) if name.startswith("pulumi")] == []


@PATHS
def test_only_the_loader_reads_the_configuration(path: Path) -> None:
    words = {"Config", "get_config", "require_object", "get_object"}
    used = {
        ast.unparse(node)
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Attribute) and node.attr in words
    }
    if _module(path) not in _READS_CONFIG:
        assert used == set()


@PATHS
def test_nothing_asks_for_the_name_of_the_stack(path: Path) -> None:
    assert [call for call in _calls(path) if call.endswith(("get_stack", "get_project"))] == []


@PATHS
def test_nothing_depends_on_which_site_it_is(path: Path) -> None:
    names = {site.name for site in SITES} | {site.site.alias for site in SITES if site.site.alias}
    nodes = (node for node in ast.walk(_tree(path)) if isinstance(node, ast.Constant))
    literals = {node.value for node in nodes if isinstance(node.value, str)}
    assert literals & names <= {_NO_SITES.get(_module(path))}, "a site is a value, not a condition"
    conditions = [
        ast.unparse(node.test)
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.If | ast.IfExp | ast.While)
    ]
    asked = [text for text in conditions if re.search(r"\bsite\.(name|alias)\b", text)]
    allowed = {
        "site.alias",  # whether the EFD client knows the site
        "site.replication and site.replication.source == site.name",  # refuses a loop
        "site.cloud and len(site.name) > _LONGEST_NAME",  # refuses what Google would
    }
    assert set(asked) <= allowed


@PATHS
def test_the_program_does_not_know_the_development_kit(path: Path) -> None:
    assert "devkit" not in path.read_text(encoding="utf-8")


@PATHS
def test_nothing_is_done_at_import(path: Path) -> None:
    if path.name == "__main__.py":
        return
    body = _tree(path).body
    statements = body[1:] if ast.get_docstring(_tree(path)) else body
    odd = [
        ast.unparse(node)
        for node in statements
        if not isinstance(node, _AT_IMPORT)
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ]
    assert odd == []


@PATHS
def test_every_file_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(_tree(path))


@pytest.mark.parametrize("path", OWN, ids=_name)
def test_a_file_stays_short(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= _HARD_LIMIT, "two nouns live here"
    if _name(path) not in _LONG_FILES:
        assert lines <= _SOFT_LIMIT, "make it two files, or give the reason in _LONG_FILES"


@pytest.mark.parametrize("name", _LONG_FILES)
def test_every_exception_from_the_length_is_needed(name: str) -> None:
    assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) > _SOFT_LIMIT


@pytest.mark.parametrize("path", OWN, ids=_name)
def test_a_file_is_named_for_what_it_knows(path: Path) -> None:
    assert not _VAGUE & set(path.relative_to(ROOT).with_suffix("").parts)


@pytest.mark.parametrize("path", _files("efd_infra/components"), ids=_name)
def test_a_component_file_holds_one_component_of_its_own_name(path: Path) -> None:
    components = _classes(path, "ComponentResource")
    if not components:
        assert path.parent.name == "foundation" or not path.read_text(encoding="utf-8").count(
            "pulumi_kubernetes"
        ), "an object outside a component has no owner"
        return
    (component,) = components
    assert component.name.lower() == path.stem.replace("_", ""), "file and class are one noun"
    tokens = [
        node.args[0].value
        for node in ast.walk(component)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "super().__init__"
        and isinstance(node.args[0], ast.Constant)
    ]
    assert tokens == [f"efd:{path.parent.name}:{component.name}"]
    assert "self.register_outputs" in ast.unparse(component), "outputs are registered"


@pytest.mark.parametrize("path", _files("efd_infra/components"), ids=_name)
def test_a_component_knows_its_section_not_the_site(path: Path) -> None:
    assert [name for name in _imports(path) if name.startswith("efd_infra.config.site")] == []


@PATHS
def test_no_resource_is_made_inside_apply(path: Path) -> None:
    """It would be missing from every preview."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".apply"):
            inner = [
                ast.unparse(call.func)
                for a in node.args
                for call in ast.walk(a)
                if isinstance(call, ast.Call)
            ]
            made = [c for c in inner if re.search(r"(\bv\d\w*|random|kubernetes)\.[A-Z]\w*$", c)]
            assert made == []


def test_only_one_module_opens_artifacts_and_one_opens_sites() -> None:
    opening = [
        _name(path)
        for path in PROGRAM
        if any("importlib.resources" in name for name in _imports(path))
        or any(re.search(r"(^open|\.open|read_text|read_bytes)$", call) for call in _calls(path))
    ]
    assert opening == ["efd_infra/artifacts/__init__.py", "efd_infra/config/sites.py"]
