"""Files in their own language, each one valid as it stands; this module alone opens them."""

from importlib.resources import files


def read_artifact(path: str) -> str:
    """Return the text of the artifact at ``path``, such as ``kafka/start.sh``."""
    return (files(__name__) / path).read_text(encoding="utf-8")
