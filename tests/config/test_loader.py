"""The real ``__main__.py`` with a wrong configuration: one error, and nothing registered."""

import json

import pytest

from rendering.engine import refuse_program, run_program
from tests.support.full_site import changed, full_site, without

_PAGES = [
    ("chronograf", "timeseries.chronograf"),
    ("kafdrop", "streaming.kafdrop"),
]


def test_a_wrong_site_is_refused_before_anything_is_registered() -> None:
    site = changed(full_site(), "streaming.kafka.replicationFactor", 9)
    message, resources = refuse_program({"efd:site": json.dumps(site)})
    assert message.splitlines()[0] == "efd:site has 2 mistakes; nothing was touched"
    assert resources == ()


@pytest.mark.parametrize(
    ("config", "given"), [({}, "nothing"), ({"efd:site": "[]"}, "[]"), ({"efd:site": "3"}, "3")]
)
def test_an_absent_site_is_refused(config: dict[str, str], given: str) -> None:
    message, resources = refuse_program(config)
    assert message.splitlines() == [
        "efd:site has 1 mistake; nothing was touched",
        f"  efd:site: given {given}; allowed: the description of a site",
    ]
    assert resources == ()


@pytest.mark.parametrize(("page", "section"), _PAGES)
def test_a_missing_secret_is_refused_with_both_remedies(page: str, section: str) -> None:
    site = without(full_site(), f"{section}.login.secret")
    message, resources = refuse_program({"efd:site": json.dumps(site)})
    assert message.splitlines() == [
        "efd:site has 2 mistakes; nothing was touched",
        *(
            f"  efd:{page}{key}: given nothing; allowed: a value set with `pulumi config set "
            f"--secret {page}{key}`, or the name of an existing Secret in the {page} section's "
            "login.secret"
            for key in ("ClientId", "ClientSecret")
        ),
    ]
    assert resources == ()


@pytest.mark.parametrize(("page", "section"), _PAGES)
def test_a_secret_in_clear_is_refused(page: str, section: str) -> None:
    site = without(full_site(), f"{section}.login.secret")
    clear = f"efd:{page}ClientSecret"
    secret = f"efd:{page}ClientId"
    config = {"efd:site": json.dumps(site), secret: "identity", clear: "hidden-words"}
    message, resources = refuse_program(config, [secret])
    assert message.splitlines() == [
        "efd:site has 1 mistake; nothing was touched",
        (
            f"  {clear}: given a value in clear; allowed: one set with "
            f"`pulumi config set --secret {page}ClientSecret`"
        ),
    ]
    assert "hidden-words" not in message, "a refusal repeats no secret"
    assert resources == ()


@pytest.mark.parametrize(("page", "section"), _PAGES)
def test_a_secret_that_nothing_uses_is_refused(page: str, section: str) -> None:
    key = f"efd:{page}ClientId"
    line = f"  {key}: given a value; allowed: none, because nothing in efd:site would use it"
    for site in (full_site(), without(full_site(), section)):
        config = {"efd:site": json.dumps(site), key: "identity"}
        message, resources = refuse_program(config, [key])
        assert message.splitlines()[1:] == [line]
        assert resources == ()


def test_secrets_of_both_pages_are_accepted_where_no_secret_is_named() -> None:
    site = full_site()
    secrets: dict[str, str] = {}
    for page, section in _PAGES:
        site = without(site, f"{section}.login.secret")
        secrets |= {f"{page}ClientId": f"{page}-id", f"{page}ClientSecret": f"{page}-secret"}
    run = run_program(site, secrets)
    found = {value for _, value in (t for s in run.of_kind("Secret") for t in s.texts())}
    assert set(secrets.values()) <= found, "each secret reaches the Secret of its page"


@pytest.mark.parametrize("handler", ["slack", "webhook"])
def test_a_missing_url_of_a_handler_is_refused(handler: str) -> None:
    site = without(full_site(), f"timeseries.kapacitor.handlers.{handler}.secret")
    message, resources = refuse_program({"efd:site": json.dumps(site)})
    assert message.splitlines()[1:] == [
        (
            f"  efd:{handler}Url: given nothing; allowed: a value set with `pulumi config set "
            f"--secret {handler}Url`, or the name of an existing Secret in the {handler} section's "
            "secret"
        )
    ]
    assert resources == ()


@pytest.mark.parametrize("handler", ["slack", "webhook"])
def test_a_url_that_no_handler_uses_is_refused(handler: str) -> None:
    key = f"efd:{handler}Url"
    line = f"  {key}: given a value; allowed: none, because nothing in efd:site would use it"
    for site in (full_site(), without(full_site(), "timeseries.kapacitor")):
        message, _ = refuse_program({"efd:site": json.dumps(site), key: "https://a"}, [key])
        assert message.splitlines()[1:] == [line]


def test_an_empty_default_is_no_secret() -> None:
    """``Pulumi.yaml`` declares the keys with an empty default, so they are always there."""
    keys = {f"efd:{page}{key}": "" for page, _ in _PAGES for key in ("ClientId", "ClientSecret")}
    config = {"efd:site": json.dumps(changed(full_site(), "alias", 3)), **keys}
    message, _ = refuse_program(config, list(keys))
    assert message.startswith("efd:site has 1 mistake;")


def test_who_stores_copies_comes_from_the_configuration_where_no_secret_is_named() -> None:
    site = without(full_site(), "backup.bucket.secret")
    message, _ = refuse_program({"efd:site": json.dumps(site)})
    assert "efd:backupAccessKeyId: given nothing; allowed: " in message
    assert "efd:backupSecretAccessKey: given nothing; allowed: " in message
    assert "the backup section's bucket.secret" in message
    secrets = {"backupAccessKeyId": "identity", "backupSecretAccessKey": "hidden-words"}
    run = run_program(site, secrets)
    (found,) = [s for s in run.of_kind("Secret") if s.namespace == "backup" and "bucket" in s.name]
    assert set(secrets.values()) <= {text for _, text in found.texts()}
