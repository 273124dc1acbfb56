"""Settings: read once, and refused with the name of the variable."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from chengdan.base.config import Config
from chengdan.base.setup import BadSetting, UnknownSetting


def test_without_variables_the_defaults_hold() -> None:
    config = Config.read({"PATH": "/bin"})

    assert config.home == Path.cwd() / "data"
    assert (config.host, config.port, config.workers) == ("127.0.0.1", 8000, 1)
    assert config.database_url is None
    assert config.time_zone == ZoneInfo("Asia/Shanghai")
    assert config.locale == "zh-CN"
    assert config.files_dir == config.home / "files"


def test_reads_each_type(tmp_path: Path) -> None:
    config = Config.read(
        {
            "CHENGDAN_HOME": str(tmp_path),
            "CHENGDAN_PORT": "8443",
            "CHENGDAN_SECURE_COOKIES": "On",
            "CHENGDAN_LOCALE": "EN",
            "CHENGDAN_TIME_ZONE": "Europe/Berlin",
            "CHENGDAN_DATABASE_URL": "postgresql://u:p@h/d",
        }
    )

    assert config.home == tmp_path
    assert config.port == 8443
    assert config.secure_cookies is True
    assert config.locale == "en"
    assert config.time_zone == ZoneInfo("Europe/Berlin")
    assert config.database_url == "postgresql://u:p@h/d"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "chengdan.toml"
    file.write_text('port = 9000\nsecure_cookies = true\nlocale = "en"\n')

    config = Config.read({"CHENGDAN_CONFIG": str(file), "CHENGDAN_PORT": "9001"})

    assert (config.port, config.secure_cookies, config.locale) == (9001, True, "en")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CHENGDAN_PORT", "eighty"),
        ("CHENGDAN_PORT", "70000"),
        ("CHENGDAN_PORT", "-1"),
        ("CHENGDAN_HOME", ""),
        ("CHENGDAN_SECURE_COOKIES", "maybe"),
        ("CHENGDAN_LOCALE", "fr"),
        ("CHENGDAN_TIME_ZONE", "Mars/Olympus"),
        ("CHENGDAN_TIME_ZONE", "../../etc/passwd"),
        ("CHENGDAN_DATABASE_URL", "mysql://u@h/d"),
        ("CHENGDAN_S3_URL", "https://bucket"),
    ],
)
def test_a_bad_value_names_its_variable(variable: str, value: str) -> None:
    with pytest.raises(BadSetting) as refusal:
        Config.read({variable: value})

    assert refusal.value.path == variable
    assert refusal.value.data["value"] == value


def test_an_unknown_variable_is_refused_with_the_closest_one() -> None:
    with pytest.raises(UnknownSetting) as refusal:
        Config.read({"CHENGDAN_PROT": "8000"})

    assert str(refusal.value) == (
        "SETUP-002 CHENGDAN_PROT: There is no setting CHENGDAN_PROT. Did you mean CHENGDAN_PORT?"
    )


def test_an_unknown_key_of_the_file_is_refused_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "chengdan.toml"
    file.write_text("prot = 1\n")

    with pytest.raises(UnknownSetting) as refusal:
        Config.read({"CHENGDAN_CONFIG": str(file)})

    assert refusal.value.path == f"{file}:prot"
    assert refusal.value.data["suggestion"] == "port"


@pytest.mark.parametrize("content", ["port = ", None])
def test_an_unreadable_file_is_refused(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "chengdan.toml"
    if content is not None:
        file.write_text(content)

    with pytest.raises(BadSetting) as refusal:
        Config.read({"CHENGDAN_CONFIG": str(file)})

    assert refusal.value.path == "CHENGDAN_CONFIG"


def test_secrets_do_not_show() -> None:
    config = Config.read(
        {"CHENGDAN_DATABASE_URL": "postgresql://u:geheim@h/d", "CHENGDAN_S3_SECRET_ACCESS_KEY": "geheim"}
    )

    assert "geheim" not in repr(config)
