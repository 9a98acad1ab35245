"""What is noted about a deployed site."""

from pathlib import Path
from stat import S_IMODE

from devkit.demo.facts import Facts

OUTPUTS = {
    "kafkaExternalBootstrap": "kafka.test:31090",
    "kafkaUsers": {"sal": {"username": "sal", "password": "s"}, "notebooks": {"password": "n"}},
    "efdClient": {"test_efd": {"username": "efdreader", "password": "r", "host": "influx.test"}},
}
FACTS = Facts.of(OUTPUTS, "digest", "http://registry", "http://influx")


def test_what_is_noted_is_read_again_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "facts.json"
    assert Facts.read(path) is None
    FACTS.write(path)
    FACTS.write(path)
    assert Facts.read(path) == FACTS
    assert S_IMODE(path.stat().st_mode) == 0o600


def test_clients_from_outside_log_in_and_check_certificates() -> None:
    settings = FACTS.kafka("notebooks", Path("ca.crt")).settings
    assert settings["security.protocol"] == "SASL_SSL"
    assert (settings["sasl.username"], settings["sasl.password"]) == ("notebooks", "n")
    assert settings["ssl.ca.location"] == "ca.crt"
    assert FACTS.web.credentials == ("efdreader", "r")
