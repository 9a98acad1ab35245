"""What a person reads when a tool is missing or fails."""

import pytest

from devkit.errors import DevkitError
from devkit.program import run


def test_a_missing_tool_is_named_with_its_package() -> None:
    with pytest.raises(DevkitError) as raised:
        run(["no-such-tool"], package="no-such-package")
    assert raised.value.what == "no-such-tool is needed"
    assert "apt-get install no-such-package" in raised.value.todo


def test_a_failure_is_one_line_in_the_words_of_the_tool() -> None:
    script = "echo NOTE: nothing >&2; echo 'E: no such host' >&2; echo rest >&2; exit 1"
    with pytest.raises(DevkitError) as raised:
        run(["sh", "-c", script], package="dash", network="an archive")
    assert raised.value.what == "sh failed: E: no such host"
    assert raised.value.todo.startswith("it needs an archive")


def test_what_a_tool_prints_in_colour_is_read_too() -> None:
    script = r"printf '\033[0m' >&2; printf '[\033[31mERROR\033[m] no such file\n'; exit 1"
    with pytest.raises(DevkitError, match=r"^error: sh failed: \[ERROR\] no such file"):
        run(["sh", "-c", script], package="dash")
