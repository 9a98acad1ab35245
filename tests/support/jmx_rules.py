"""The JMX exporter's rules, applied as the exporter would."""

import re
from fnmatch import fnmatchcase
from typing import Any

import yaml

from efd_infra.artifacts import read_artifact


def rules(file: str) -> dict[str, Any]:
    """Return a file of rules."""
    found: dict[str, Any] = yaml.safe_load(read_artifact(f"jmx/{file}"))
    return found


def metric(file: str, line: str) -> tuple[str, dict[str, str]] | None:
    """Return name and labels that the first matching rule gives, as the exporter would."""
    known = rules(file)
    domain, keys = re.fullmatch(r"([^<]+)<(.*?)><>.*", line).groups()  # type: ignore[union-attr]
    bean = f"{domain}:{keys.replace(', ', ',')}"
    if not any(fnmatchcase(bean, name) for name in known["includeObjectNames"]):
        return None
    for rule in known["rules"]:
        match = re.search(rule["pattern"], line)
        if match:
            name = _expand(rule["name"], match)
            labels = {
                _expand(key, match): _expand(value, match)
                for key, value in rule.get("labels", {}).items()
            }
            return re.sub(r"[^a-zA-Z0-9_]", "_", name).lower(), labels
    return None


def _expand(text: str, match: re.Match[str]) -> str:
    return re.sub(r"\$(\d)", lambda number: match[int(number[1])], text)
