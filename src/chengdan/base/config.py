"""Settings: read once at the start from `CHENGDAN_*` variables and an optional TOML file, then passed on as a value."""

import difflib
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, get_type_hints
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from chengdan.base.setup import BadSetting, UnknownSetting

PREFIX = "CHENGDAN_"
FILE_VARIABLE = "CHENGDAN_CONFIG"
YES = frozenset({"true", "yes", "on", "1"})
NO = frozenset({"false", "no", "off", "0"})
SHANGHAI = ZoneInfo("Asia/Shanghai")
SECRET_KEY_LENGTH = 32


class _UnusableError(Exception):
    """Why a text is no value of a setting, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


Reader = Callable[[str], Any]
Setting = tuple[str, str, str]


def _integer(low: int, high: int) -> Reader:
    def read(text: str) -> int:
        if not text.strip().isdecimal() or not low <= int(text) <= high:
            raise _UnusableError(
                f"应为 {low} 到 {high} 的整数", f"a whole number from {low} to {high} is needed"
            )
        return int(text)

    return read


def _one_of(*choices: str) -> Reader:
    def read(text: str) -> str:
        for choice in choices:
            if text.casefold() == choice.casefold():
                return choice
        raise _UnusableError(f"应为 {'、'.join(choices)} 之一", f"it must be one of {', '.join(choices)}")

    return read


def _url(*schemes: str) -> Reader:
    def read(text: str) -> str | None:
        if not text:
            return None
        if urlsplit(text).scheme not in schemes:
            starts = [f"{scheme}://" for scheme in schemes]
            raise _UnusableError(
                f"应以 {' 或 '.join(starts)} 开头", f"it must start with {' or '.join(starts)}"
            )
        return text

    return read


def _boolean(text: str) -> bool:
    word = text.casefold()
    if word not in YES | NO:
        raise _UnusableError("应为 true 或 false", "it must be true or false")
    return word in YES


def _time_zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ValueError, OSError, KeyError):
        raise _UnusableError(
            "应为 Asia/Shanghai 这样的时区名", "a time zone such as Asia/Shanghai is needed"
        ) from None


def _text(text: str) -> str:
    if not text.strip():
        raise _UnusableError("不能为空", "it can't be empty")
    return text


def _optional_text(text: str) -> str | None:
    return text or None


def _secret_keys(text: str) -> str | None:
    keys = [key.strip() for key in text.split(",")]
    if text and min(map(len, keys)) < SECRET_KEY_LENGTH:
        raise _UnusableError(
            f"每个密钥至少 {SECRET_KEY_LENGTH} 个字符，几个之间用逗号隔开",
            f"each key needs at least {SECRET_KEY_LENGTH} characters; several go with commas between them",
        )
    return text or None


def _folder(text: str) -> Path:
    return Path(_text(text)).expanduser().absolute()


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of one process; every field `x` is the variable `CHENGDAN_X` and the key `x` of the TOML file.

    `home` holds everything that Chengdan keeps on disk. Without `database_url` the embedded PostgreSQL runs in it;
    without `s3_url` uploaded files lie in it. `workers` counts web processes, `pool_size` database connections per
    process. Secrets are left out of `repr`.
    """

    home: Annotated[Path, _folder] = field(default_factory=lambda: Path("data").absolute())
    host: Annotated[str, _text] = "127.0.0.1"
    port: Annotated[int, _integer(1, 65535)] = 8000
    workers: Annotated[int, _integer(1, 64)] = 1
    public_url: Annotated[str | None, _url("http", "https")] = None
    database_url: Annotated[str | None, _url("postgresql", "postgres")] = field(default=None, repr=False)
    pool_size: Annotated[int, _integer(1, 500)] = 10
    s3_url: Annotated[str | None, _url("s3")] = None
    s3_endpoint: Annotated[str | None, _url("http", "https")] = None
    s3_region: Annotated[str | None, _optional_text] = None
    s3_access_key_id: Annotated[str | None, _optional_text] = field(default=None, repr=False)
    s3_secret_access_key: Annotated[str | None, _optional_text] = field(default=None, repr=False)
    mail_hosts: Annotated[str | None, _optional_text] = None
    mail_tracking: Annotated[bool, _boolean] = True
    max_upload_mb: Annotated[int, _integer(1, 10_000)] = 50
    secret_key: Annotated[str | None, _secret_keys] = field(default=None, repr=False)
    smtp_url: Annotated[str | None, _url("smtp", "smtps")] = field(default=None, repr=False)
    smtp_from: Annotated[str | None, _optional_text] = None
    outgoing_allow: Annotated[str | None, _optional_text] = None
    session_days: Annotated[int, _integer(1, 365)] = 14
    secure_cookies: Annotated[bool, _boolean] = False
    time_zone: Annotated[ZoneInfo, _time_zone] = SHANGHAI
    locale: Annotated[str, _one_of("zh-CN", "en")] = "zh-CN"
    log_level: Annotated[str, _one_of("DEBUG", "INFO", "WARNING", "ERROR")] = "INFO"

    @property
    def files_dir(self) -> Path:
        """Where uploaded files lie when `s3_url` is unset."""
        return self.home / "files"

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> "Config":
        """The settings of `environ`, over those of the file that `CHENGDAN_CONFIG` names, over the defaults.

        Raises `BadSetting` or `UnknownSetting` with the variable (or file and key) as its path.
        """
        values: dict[str, Any] = {}
        readers = _readers(cls)
        for name, place, text in (*_from_file(environ.get(FILE_VARIABLE)), *_from_environ(environ)):
            if name not in readers:
                raise _unknown(name, place, tuple(readers))
            try:
                values[name] = readers[name](text)
            except _UnusableError as why:
                raise BadSetting(path=place, value=text, expected_zh=why.zh, expected_en=why.en) from None
        return cls(**values)


def _readers(settings: type[Config]) -> dict[str, Reader]:
    """How each setting is read from text: the function that its type is annotated with."""
    hints = get_type_hints(settings, include_extras=True)
    return {name: hint.__metadata__[0] for name, hint in hints.items()}


def _from_environ(environ: Mapping[str, str]) -> list[Setting]:
    """(field, variable, text) of each `CHENGDAN_*` variable."""
    return [
        (variable.removeprefix(PREFIX).lower(), variable, text)
        for variable, text in environ.items()
        if variable.startswith(PREFIX) and variable != FILE_VARIABLE
    ]


def _from_file(name: str | None) -> list[Setting]:
    """(field, file:key, text) of each key of the TOML file; none when no file is named."""
    if not name:
        return []
    try:
        content = tomllib.loads(Path(name).expanduser().read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as failure:
        raise BadSetting(
            path=FILE_VARIABLE,
            value=name,
            expected_zh=f"无法读取该 TOML 文件（{failure}）",
            expected_en=f"the TOML file can't be read ({failure})",
        ) from None
    return [(key, f"{name}:{key}", str(value)) for key, value in content.items()]


def _unknown(name: str, place: str, known: tuple[str, ...]) -> UnknownSetting:
    closest = difflib.get_close_matches(name, known, n=1, cutoff=0)[0]
    if place.startswith(PREFIX):
        return UnknownSetting(path=place, name=place, suggestion=PREFIX + closest.upper())
    return UnknownSetting(path=place, name=name, suggestion=closest)
