"""Sealed secrets: they open where they were sealed, with any of the keys, and nowhere else."""

from pathlib import Path

import pytest

from chengdan.base.config import Config
from chengdan.base.setup import BadSetting
from chengdan.store.secrets import FILE, Secrets, SecretUnreadable, configured_secrets

OLD, NEW = "o" * 32, "n" * 32
SECRET = "SEC-密钥"


def keyed(*texts: str) -> Secrets:
    return Secrets(texts, Path("/nowhere"))


def test_a_secret_opens_for_what_it_was_sealed_for() -> None:
    sealed = keyed(OLD).seal(SECRET, "robot/1")

    assert keyed(OLD).open(sealed, "robot/1") == SECRET
    assert SECRET.encode() not in sealed
    assert sealed != keyed(OLD).seal(SECRET, "robot/1")


def test_it_opens_in_no_other_row_and_not_when_a_byte_was_changed() -> None:
    sealed = keyed(OLD).seal(SECRET, "robot/1")
    altered = [sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in range(len(sealed))]

    for bad, purpose in [(sealed, "robot/2"), (b"", "robot/1"), *((one, "robot/1") for one in altered)]:
        with pytest.raises(SecretUnreadable) as refusal:
            keyed(OLD).open(bad, purpose)
        assert refusal.value.path == purpose


def test_a_new_key_seals_while_the_old_one_still_opens() -> None:
    sealed = keyed(OLD).seal(SECRET, "robot/1")
    both = keyed(NEW, OLD)

    assert both.open(sealed, "robot/1") == SECRET
    assert keyed(NEW).open(both.seal(SECRET, "robot/1"), "robot/1") == SECRET
    with pytest.raises(SecretUnreadable):
        keyed(NEW).open(sealed, "robot/1")


def test_without_a_setting_the_key_lies_in_the_data_folder_for_its_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    sealed = configured_secrets(Config(home=home)).seal(SECRET, "robot/1")

    assert (home / FILE).stat().st_mode & 0o777 == 0o600
    assert [file.name for file in home.iterdir()] == [FILE]
    assert configured_secrets(Config(home=home)).open(sealed, "robot/1") == SECRET


def test_a_key_that_could_be_guessed_is_refused() -> None:
    settings = Config.read({"CHENGDAN_SECRET_KEY": f"{NEW}, {OLD}"})
    sealed = keyed(OLD).seal(SECRET, "robot/1")

    assert configured_secrets(settings).open(sealed, "robot/1") == SECRET
    with pytest.raises(BadSetting):
        Config.read({"CHENGDAN_SECRET_KEY": f"{NEW},short"})
