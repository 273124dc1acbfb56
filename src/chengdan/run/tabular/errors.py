"""What can be wrong with a table in a file. Lines and columns count from 1 in that file."""

from typing import Any

from chengdan.base.errors import ChengdanError


class TableUnreadable(ChengdanError):
    """Base of every refusal to read or write a table; `path` is the file's name, with the line where there is one."""

    status = 422

    def __init__(self, *, name: str, **data: Any) -> None:
        line = data.get("line")
        super().__init__(path=name if line is None else f"{name}:{line}", name=name, **data)


class NotATable(TableUnreadable):
    """The content is something else, whatever the file is called."""

    code = "TABLE-001"
    zh = "“{name}”不是表格文件，而是{found}。"
    en = "{name} isn't a table but {found}."
    hint_zh = "请另存为 .xlsx 或 CSV 后再导入。"
    hint_en = "Save it as .xlsx or CSV and import that."


class TableEmpty(TableUnreadable):
    """No line with column names was found."""

    code = "TABLE-002"
    zh = "“{name}”里没有内容。"
    en = "{name} has no content."
    hint_zh = "第一个非空行应为列名。"
    hint_en = "The first line that isn't blank must hold the column names."


class UndecodableText(TableUnreadable):
    """Bytes that are no character in the encoding of the rest, or a file cut off within a character."""

    code = "TABLE-003"
    zh = "“{name}”第 {line} 行第 {column} 个字符无法识别（按 {encoding} 编码读取）。"
    en = "{name}, line {line}: character {column} can't be read as {encoding}."
    hint_zh = "文件可能不完整；请重新导出，编码选 UTF-8。"
    hint_en = "The file may be cut off; export it again as UTF-8."


class MixedEncodings(TableUnreadable):
    """One part of the file is UTF-8, another GB 18030: joined from two sources."""

    code = "TABLE-004"
    zh = "“{name}”从第 {line} 行起换了编码（UTF-8 与 GB 18030 混用）。"
    en = "{name}: the encoding changes at line {line} (UTF-8 and GB 18030 are mixed)."
    hint_zh = "请将两部分分别存为 UTF-8 后再合并。"
    hint_en = "Save both parts as UTF-8, then join them again."


class NulCharacter(TableUnreadable):
    """A NUL character, which no text holds: a damaged or binary file."""

    code = "TABLE-005"
    zh = "“{name}”第 {line} 行含有空字符（NUL），文件可能已损坏。"
    en = "{name}, line {line}: there is a NUL character; the file may be damaged."
    hint_zh = "请从来源系统重新导出。"
    hint_en = "Export it again from its source."


class MalformedQuotes(TableUnreadable):
    """A quoted cell never ends, or goes on after its closing quote."""

    code = "TABLE-006"
    zh = "“{name}”第 {line} 行的双引号不配对。"
    en = "{name}, line {line}: the double quotes don't match."
    hint_zh = '单元格里的双引号要写成两个（""）。'
    hint_en = 'A double quote inside a cell is written twice ("").'


class RaggedRow(TableUnreadable):
    """A row has more or fewer cells than there are columns."""

    code = "TABLE-007"
    zh = "“{name}”第 {line} 行有 {found} 个单元格，而列名有 {expected} 个。"
    en = "{name}, line {line}: {found} cells where there are {expected} columns."
    hint_zh = "请检查该行的分隔符与引号；若列名上方还有标题行，请指定列名所在的行。"
    hint_en = "Check the separators and quotes of that line; if a title stands above the column names, say on which line they are."


class UnnamedColumn(TableUnreadable):
    """A column between others has no name."""

    code = "TABLE-008"
    zh = "“{name}”第 {line} 行：第 {column} 列（{letter}）没有列名。"
    en = "{name}, line {line}: column {column} ({letter}) has no name."
    hint_zh = "请给它加上列名，或删除该列。"
    hint_en = "Give it a name, or delete the column."


class DuplicateColumn(TableUnreadable):
    """Two columns have one name, so that a mapping by name would be ambiguous."""

    code = "TABLE-009"
    zh = "“{name}”第 {line} 行：列名“{header}”重复（第 {first} 列与第 {column} 列）。"
    en = "{name}, line {line}: columns {first} and {column} are both called {header!r}."
    hint_zh = "请改名或删除其中一列。"
    hint_en = "Rename or delete one of them."


class TooManyRows(TableUnreadable):
    """More rows than one import takes, or than a workbook can hold."""

    code = "TABLE-010"
    status = 413
    zh = "“{name}”超过 {limit} 行。"
    en = "{name} has more than {limit} rows."
    hint_zh = "请拆成几个文件。"
    hint_en = "Split it into several files."


class TooManyColumns(TableUnreadable):
    """More columns than one import takes."""

    code = "TABLE-011"
    status = 413
    zh = "“{name}”有 {found} 列，最多 {limit} 列。"
    en = "{name} has {found} columns; at most {limit} can be read."
    hint_zh = "请删除不需要的列。"
    hint_en = "Delete the columns that aren't needed."


class CellTooLong(TableUnreadable):
    """A cell holds more text than a cell may."""

    code = "TABLE-012"
    zh = "“{name}”第 {line} 行有单元格超过 {limit} 个字符。"
    en = "{name}, line {line}: a cell has more than {limit} characters."
    hint_zh = "若并无这么长的内容，多半是前面漏了一个双引号。"
    hint_en = "If no cell is that long, a closing double quote is missing before."


class WorkbookEncrypted(TableUnreadable):
    """The workbook asks for a password."""

    code = "TABLE-013"
    zh = "“{name}”有密码保护，无法读取。"
    en = "{name} is protected by a password."
    hint_zh = "请在 Excel 中取消密码后再上传。"
    hint_en = "Remove the password in Excel, then upload it again."


class WorkbookDamaged(TableUnreadable):
    """The file starts like a workbook, but can't be read as one."""

    code = "TABLE-014"
    zh = "“{name}”不是可读取的工作簿，或已损坏。"
    en = "{name} isn't a readable workbook, or it is damaged."
    hint_zh = "请在 Excel 或 WPS 中打开并另存为 .xlsx。"
    hint_en = "Open it in Excel or WPS and save it as .xlsx."


class WorkbookTooLarge(TableUnreadable):
    """Unpacking the sheet takes more memory or time than one upload may."""

    code = "TABLE-015"
    status = 413
    zh = "“{name}”展开后过大，无法读取。"
    en = "{name} is too large once unpacked."
    hint_zh = "请删除空白区域，拆成几个文件，或改用 CSV。"
    hint_en = "Delete unused areas, split it into several files, or use CSV."


class SheetNotFound(TableUnreadable):
    """There is no sheet of that name with cells in it."""

    code = "TABLE-016"
    status = 404
    zh = "“{name}”中没有工作表“{sheet}”。"
    en = "{name} has no sheet {sheet!r}."
    hint_zh = "可选：{sheets}。"
    hint_en = "Choose one of: {sheets}."
