"""Kafdrop's arguments, and its login proxy's."""

from efd_infra.config.login import LoginSection
from efd_infra.manifests.kafdrop import kafdrop_arguments, login_proxy_arguments

PAGE = kafdrop_arguments(
    bootstrap="kafka:9092",
    registry_url="http://registry:8081",
    client_properties="/login/client.properties",
)


def _proxy(login: LoginSection | None = None) -> list[str]:
    return login_proxy_arguments(
        login or LoginSection(),
        public_url="https://kafdrop.example.org:8443",
        secrets_dir="/secrets",
    )


def test_no_visitor_can_change_a_topic() -> None:
    assert {
        "--topic.deleteEnabled=false",
        "--topic.createEnabled=false",
        "--message.sendEnabled=false",
    } <= set(PAGE)


def test_no_visitor_can_dump_the_heap() -> None:
    assert "--management.endpoints.web.exposure.include=health" in PAGE


def test_arguments_survive_a_shell_that_splits_them() -> None:
    """The image's entry point expands them without quotes."""
    assert not [argument for argument in PAGE if set(argument) & set(" \t*?$'\"\\")]


def test_members_of_every_named_organization_may_enter() -> None:
    """``--github-org`` holds one name; a second one would replace the first."""
    login = LoginSection.model_validate_json('{"organizations": ["lsst-sqre", "lsst-ts"]}')
    groups = [argument for argument in _proxy(login) if argument.startswith("--allowed-group")]
    assert groups == ["--allowed-group=lsst-sqre", "--allowed-group=lsst-ts"]
    assert not [argument for argument in _proxy(login) if argument.startswith("--github-org")]


def test_the_call_back_address_has_the_public_port() -> None:
    assert "--redirect-url=https://kafdrop.example.org:8443/oauth2/callback" in _proxy()


def test_the_cookie_travels_over_https_only() -> None:
    assert "--cookie-secure=true" in _proxy()


def test_no_secret_is_an_argument() -> None:
    secrets = [argument for argument in _proxy() if "secret" in argument]
    assert secrets == [
        "--client-secret-file=/secrets/client-secret",
        "--cookie-secret-file=/secrets/cookie-secret",
    ]
