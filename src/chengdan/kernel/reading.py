"""Reading YAML with places: every complaint names its file and line, and unknown keys are met with a suggestion."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from chengdan.base.errors import ChengdanError
from chengdan.base.label import Label
from chengdan.kernel.place import Place

E = TypeVar("E", bound=StrEnum)
MAX_BYTES = 256_000
MAX_DEPTH = 20


class ManifestProblem(ChengdanError):
    """Something written in a manifest that cannot be understood."""

    code = "DEF-001"
    status = 422
    zh = "{what}"
    en = "{what}"
    hint_zh = "{hint}"
    hint_en = "{hint}"


class InvalidYaml(ManifestProblem):
    code = "DEF-002"


class UnknownKey(ManifestProblem):
    code = "DEF-003"


class MissingKey(ManifestProblem):
    code = "DEF-004"


class WrongValue(ManifestProblem):
    code = "DEF-005"


def problem(
    kind: type[ManifestProblem], place: Place, zh: str, en: str, hint_zh: str = "", hint_en: str = ""
) -> ManifestProblem:
    """A problem of a manifest at `place`, in both languages."""
    return kind(path=str(place), what=Label(zh, en), hint=Label(hint_zh, hint_en))


class Mapped:
    """A YAML mapping being read: each `take` removes a key, `close` complains about what nobody took."""

    def __init__(self, node: Node, file: str, problems: list[ChengdanError]) -> None:
        self.place = Place(file, node.start_mark.line + 1)
        self.problems = problems
        self._left: dict[str, Node] = {}
        self._known: list[str] = []
        if not isinstance(node, MappingNode):
            self.complain(
                WrongValue, self.place, "这里应是一组“键: 值”", "a mapping of keys to values is expected here"
            )
            return
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self.complain(WrongValue, self._at(key), "键应是一个词", "a key must be a single word")
                continue
            if key.value in self._left:
                self.complain(
                    WrongValue, self._at(key), f"“{key.value}”写了两次", f"`{key.value}` is written twice"
                )
            self._left[key.value] = value

    def complain(
        self,
        kind: type[ManifestProblem],
        place: Place,
        zh: str,
        en: str,
        hint_zh: str = "",
        hint_en: str = "",
    ) -> None:
        self.problems.append(problem(kind, place, zh, en, hint_zh, hint_en))

    def _at(self, node: Node) -> Place:
        return Place(self.place.file, node.start_mark.line + 1)

    def take(self, key: str) -> Node | None:
        self._known.append(key)
        return self._left.pop(key, None)

    def has(self, key: str) -> bool:
        return key in self._left

    def text(self, key: str, default: str | None = None) -> str:
        """A scalar as text. Missing without a default is a problem."""
        node = self.take(key)
        if node is None:
            if default is None:
                self.complain(MissingKey, self.place, f"缺少“{key}”", f"`{key}` is missing")
            return default or ""
        if not isinstance(node, ScalarNode):
            self.complain(WrongValue, self._at(node), f"“{key}”应是一个值", f"`{key}` must be a single value")
            return default or ""
        return str(node.value)

    def name(self, key: str) -> str:
        """An api name: lower-case ASCII letters, digits and underscores, at most 50, starting with a letter."""
        value = self.text(key)
        if value and not is_api_name(value):
            self.complain(
                WrongValue,
                self.place,
                f"“{value}”不能作名称",
                f"`{value}` cannot be a name",
                "只用小写字母、数字和下划线，字母开头，不超过 50 个字符",
                "Use lower-case letters, digits and underscores, starting with a letter, 50 at most",
            )
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        node = self.take(key)
        if node is None:
            return default
        if node.tag != "tag:yaml.org,2002:bool":
            self.complain(
                WrongValue, self._at(node), f"“{key}”应是 true 或 false", f"`{key}` must be true or false"
            )
            return default
        return str(node.value).lower() in ("true", "yes", "on")

    def integer(self, key: str, default: int = 0) -> int:
        text = self.text(key, str(default))
        try:
            return int(text)
        except ValueError:
            self.complain(WrongValue, self.place, f"“{key}”应是整数", f"`{key}` must be a whole number")
            return default

    def number(self, key: str, default: str | None = None) -> Decimal | None:
        """A finite number as it is written; None when there is none and `default` is empty."""
        text = self.text(key, default)
        try:
            found = Decimal(text) if text else None
        except InvalidOperation:
            found = Decimal("NaN")
        if found is not None and not found.is_finite():
            self.complain(WrongValue, self.place, f"“{key}”应是数字", f"`{key}` must be a number")
            return Decimal(0)
        return found

    def choice(self, key: str, options: type[E], default: E | None = None) -> E:
        text = self.text(key, None if default is None else str(default))
        try:
            return options(text)
        except ValueError:
            if text:
                self.complain(
                    WrongValue,
                    self.place,
                    f"“{key}”不能是“{text}”",
                    f"`{key}` cannot be `{text}`",
                    *suggest(text, list(options)),
                )
            return default if default is not None else next(iter(options))

    def label(self, key: str) -> Label:
        found = self.optional_label(key)
        if found is None:
            self.complain(
                MissingKey,
                self.place,
                f"缺少“{key}”",
                f"`{key}` is missing",
                f"写成 {key}: {{zh: …, en: …}}",
                f"Write {key}: {{zh: …, en: …}}",
            )
            return Label("", "")
        return found

    def optional_label(self, key: str) -> Label | None:
        node = self.take(key)
        if node is None:
            return None
        inner = Mapped(node, self.place.file, self.problems)
        label = Label(inner.text("zh"), inner.text("en"))
        inner.close()
        return label

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of scalars; a single scalar counts as a list of one."""
        node = self.take(key)
        if node is None:
            return ()
        if isinstance(node, ScalarNode):
            return (str(node.value),) if node.value else ()
        if isinstance(node, SequenceNode) and all(isinstance(item, ScalarNode) for item in node.value):
            return tuple(str(item.value) for item in node.value)
        self.complain(WrongValue, self._at(node), f"“{key}”应是一列值", f"`{key}` must be a list of values")
        return ()

    def integers(self, key: str, default: tuple[int, ...] = ()) -> tuple[int, ...]:
        """A list of whole numbers from 1 on, each larger than the one before."""
        given = self.texts(key)
        if not given:
            return default
        found = tuple(int(text) for text in given if text.isascii() and text.isdigit() and len(text) < 10)
        if len(found) < len(given) or any(a >= b for a, b in zip((0, *found), found, strict=False)):
            zh, en = (
                f"“{key}”应是递增的正整数",
                f"`{key}` must be whole numbers above 0, each larger than the last",
            )
            self.complain(WrongValue, self.place, zh, en)
            return default
        return found

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        """A mapping of scalars to scalars, in order."""
        node = self.take(key)
        if node is None:
            return ()
        if isinstance(node, MappingNode) and all(
            isinstance(part, ScalarNode) for pair in node.value for part in pair
        ):
            return tuple((str(name.value), str(value.value)) for name, value in node.value)
        self.complain(
            WrongValue,
            self._at(node),
            f"“{key}”应是一组“键: 值”",
            f"`{key}` must be a mapping of keys to values",
        )
        return ()

    def counts(self, key: str) -> tuple[tuple[str, int], ...]:
        """A mapping of scalars to whole numbers; what isn't one is a problem and counts as 1."""
        counts = []
        for name, text in self.pairs(key):
            if not (text.isascii() and text.isdigit()):
                self.complain(
                    WrongValue,
                    self.place,
                    f"“{name}”的上限应是整数",
                    f"the limit of `{name}` must be a whole number",
                )
            counts.append((name, int(text) if text.isascii() and text.isdigit() else 1))
        return tuple(counts)

    def one(self, key: str) -> "Mapped | None":
        node = self.take(key)
        return None if node is None else Mapped(node, self.place.file, self.problems)

    def each(self, key: str) -> Iterator["Mapped"]:
        """The mappings of a list."""
        node = self.take(key)
        if node is None:
            return
        if not isinstance(node, SequenceNode):
            self.complain(WrongValue, self._at(node), f"“{key}”应是一列", f"`{key}` must be a list")
            return
        for item in node.value:
            yield Mapped(item, self.place.file, self.problems)

    def close(self) -> None:
        """Complain about keys that nobody asked for."""
        for key, node in self._left.items():
            self.complain(
                UnknownKey,
                self._at(node),
                f"不认识“{key}”",
                f"`{key}` is not known here",
                *suggest(key, self._known),
            )


def suggest(word: str, known: list[str]) -> tuple[str, str]:
    """A hint in zh and en: the known word nearest to `word`, or the list of known words."""
    near = get_close_matches(word, known, n=1)
    if near:
        return f"是不是“{near[0]}”？", f"Did you mean `{near[0]}`?"
    listed = ", ".join(known[:20])
    return f"可用：{listed}", f"Known here: {listed}"


def is_api_name(text: str) -> bool:
    """Whether `text` may name a definition."""
    return (
        text.isascii()
        and text.isidentifier()
        and text == text.lower()
        and not text.startswith("_")
        and len(text) <= 50
    )


def read_yaml(file: str, text: str, problems: list[ChengdanError], reader: Callable[[Mapped], None]) -> None:
    """Compose `text` and hand its mapping to `reader`; broken or oversized YAML becomes a problem. Aliases are refused."""
    if len(text) > MAX_BYTES:
        problems.append(
            problem(
                InvalidYaml, Place(file, 1), "文件过大", f"the file is larger than {MAX_BYTES} characters"
            )
        )
        return
    try:
        _refuse_deep(text)
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        why = getattr(error, "problem", None) or str(error)
        problems.append(
            problem(InvalidYaml, Place(file, line), f"YAML 写错了：{why}", f"invalid YAML: {why}")
        )
        return
    if node is None:
        problems.append(problem(InvalidYaml, Place(file, 1), "文件是空的", "the file is empty"))
        return
    root = Mapped(node, file, problems)
    reader(root)
    root.close()


def _refuse_deep(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise ValueError("anchors and aliases are not allowed")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise ValueError("nested too deeply")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


Files = Mapping[str, str]
