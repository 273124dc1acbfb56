"""Likeness: the form in which two values are the same although people write them differently."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from chengdan.kernel.cities import CITIES
from chengdan.kernel.field import FieldType

_NATION = "中国"
"""In brackets it tells the company of the country from its parent abroad."""
_LONGEST = max(map(len, CITIES))
_LEGAL = re.compile(
    "(?:股份有限责任公司|股份有限公司|有限责任公司|有限公司|总公司|股份公司|公司|株式会社|"
    r"co\.?,?ltd\.?|company,?limited|corporation|corp\.?|inc\.?|llc|limited|ltd\.?|gmbh|s\.?a\.?)$"
)
_FORM = re.compile("(?:集团|控股|股份)+$")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_SIGNS = re.compile(r"[\s,.、，。·•\-—_&'\"“”‘’《》【】\[\]/\\:：;；]+")
_BRANCH = re.compile("^(.+公司)(.{1,12}(?:分公司|分行|支行|分部))$")
_SHORTEST_PHONE = 7
_COMMON = frozenset(
    [
        "科技",
        "技术",
        "信息",
        "网络",
        "电子",
        "智能",
        "软件",
        "数据",
        "系统",
        "实业",
        "贸易",
        "发展",
        "投资",
        "管理",
        "咨询",
        "服务",
        "医疗",
        "生物",
        "工程",
        "设备",
        "制造",
        "机械",
        "材料",
        "新材",
        "医药",
        "食品",
        "文化",
        "传媒",
        "教育",
        "建设",
        "集团",
        "控股",
        "开发",
        "产业",
        "工业",
        "商贸",
        "国际",
        "中国",
        "装备",
        "自动",
        "动化",
        "能源",
        "环保",
        "物流",
        "供应",
        "应链",
        "电器",
        "电气",
        "汽车",
        "化工",
    ]
)


class Likeness(StrEnum):
    """How values of a field are compared: by themselves, or as names of companies."""

    VALUE = "value"
    COMPANY = "company"


@dataclass(frozen=True, slots=True)
class CompanyName:
    """A company's name taken apart: the city or province that it begins with (or has in brackets) and what is left.

    What is left has neither brackets nor legal form; a branch keeps its own name after a `/`.
    """

    city: str
    core: str

    @property
    def key(self) -> str:
        return f"{self.city}|{self.core}"


def company_name(text: str) -> CompanyName:
    """Take a company's name apart. Two with the same key are the same company, as far as names can tell."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace(" ", "")
    branch = _BRANCH.match(plain)
    if branch is not None:
        whole = company_name(branch[1])
        return CompanyName(whole.city, f"{whole.core}/{branch[2]}")
    city, kept = "", plain
    for inner in _BRACKETS.findall(plain):
        city = city or (inner if inner == _NATION else _city_at_start(inner)[0])
        kept = kept.replace(f"({inner})", "")
    leading, kept = _city_at_start(kept)
    kept = _SIGNS.sub("", _LEGAL.sub("", kept))
    core = _FORM.sub("", kept)
    return CompanyName(leading or city, core if len(core) > 1 else kept)


def _city_at_start(text: str) -> tuple[str, str]:
    """The most precise place that a name begins with, and the rest; a name that is nothing but a place keeps it."""
    found, rest = "", text
    for _ in range(2):
        for length in range(min(_LONGEST, len(rest)), 1, -1):
            if rest[:length] in CITIES:
                found, rest = rest[:length], re.sub("^(?:省|市|自治区)", "", rest[length:])
                break
        else:
            break
    return (found, rest) if rest and not _LEGAL.fullmatch(rest) else (found, text if found else rest)


def grams(key: str) -> list[str]:
    """The pairs of characters by which a company's key is found among near ones, without those that many names hold."""
    core = key.partition("|")[2]
    pairs = list(dict.fromkeys(core[at : at + 2] for at in range(len(core) - 1)))
    return [pair for pair in pairs if pair not in _COMMON] or pairs


def key_of(type: FieldType, how: Likeness, value: object) -> str:
    """The form of a value by which it is compared; empty when there is nothing to compare."""
    if not isinstance(value, str) or not value.strip():
        return ""
    if how is Likeness.COMPANY:
        name = company_name(value)
        return name.key if len(name.core) > 1 else ""
    plain = unicodedata.normalize("NFKC", value).strip().casefold()
    if type is FieldType.PHONE:
        digits = re.sub("[^0-9]", "", plain)
        digits = re.sub("^(?:0086|86)(?=1[0-9]{10}$)", "", digits)
        return digits if len(digits) >= _SHORTEST_PHONE else ""
    return plain
