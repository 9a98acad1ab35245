"""The table that `up` ends with."""

from devkit import addresses


def test_nested_outputs_are_one_line_each_and_aligned() -> None:
    outputs = {"kafka": {"bootstrap": ["a:1", "b:2"]}, "ui": "https://c"}
    assert addresses.table(outputs) == (
        "  kafka.bootstrap.0  a:1\n  kafka.bootstrap.1  b:2\n  ui                 https://c"
    )


def test_secrets_and_absent_values_are_left_out() -> None:
    assert list(addresses.rows({"password": "[secret]", "kafdrop": None, "a": 1})) == [("a", "1")]


def test_a_site_without_outputs_has_an_empty_table() -> None:
    assert addresses.table({}) == ""
