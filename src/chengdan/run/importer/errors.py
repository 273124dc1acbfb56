"""What an import refuses: a plan that doesn't fit the object or the file, and a row that names nothing or too much."""

from chengdan.base.errors import ChengdanError


class BadPlan(ChengdanError):
    """A mapping that cannot be understood; `path` names the column or key."""

    code = "IMPORT-001"
    status = 422
    zh = "{what}"
    en = "{what}"
    hint_zh = "{hint}"
    hint_en = "{hint}"


class ColumnAbsent(ChengdanError):
    """The plan speaks of a column that the file doesn't have."""

    code = "IMPORT-002"
    status = 422
    zh = "文件里没有列“{column}”。"
    en = "The file has no column `{column}`."
    hint_zh = "文件中的列：{columns}"
    hint_en = "Its columns: {columns}"


class NothingMapped(ChengdanError):
    """No column goes to any field."""

    code = "IMPORT-003"
    status = 422
    zh = "没有任何列对应到字段。"
    en = "No column goes to a field."
    hint_zh = "至少为一列选择字段。"
    hint_en = "Choose a field for at least one column."


class FileAbsent(ChengdanError):
    """A file that a step of an import set reads is not in the folder."""

    code = "IMPORT-004"
    status = 422
    zh = "文件夹“{folder}”里没有 {file}。"
    en = "There is no {file} in the folder {folder}."


class NoMatch(ChengdanError):
    """A cell that should name a record, and names none that the importer may see."""

    code = "IMPORT-010"
    status = 422
    zh = "“{label}”：找不到“{value}”。"
    en = "{label}: there is no `{value}`."
    hint_zh = "先建立这条记录，或改正拼写。"
    hint_en = "Make that record first, or correct the spelling."


class SeveralMatches(ChengdanError):
    """A cell that names more than one record."""

    code = "IMPORT-011"
    status = 422
    zh = "“{label}”：有 {count} 条记录叫“{value}”。"
    en = "{label}: {count} records are called `{value}`."
    hint_zh = "改用唯一的字段来对应。"
    hint_en = "Refer to it by a field that is unique."


class KeyMissing(ChengdanError):
    """A row without the key that says which record it is."""

    code = "IMPORT-012"
    status = 422
    zh = "“{label}”为空，无法判断是哪条记录。"
    en = "{label} is empty, so it can't be told which record this is."


class RowUnstorable(ChengdanError):
    """The database refuses a row for a reason that no check foresaw."""

    code = "IMPORT-013"
    status = 422
    zh = "数据库拒绝了这一行：{reason}"
    en = "The database refused the row: {reason}"


class NoEvents(ChengdanError):
    """A trace of an event log in which nothing happens: there is no moment at which its record was made."""

    code = "IMPORT-014"
    status = 422
    zh = "这一条没有事件，不知道何时建立。"
    en = "It has no events, so it can't be told when its record was made."


class EventUnreadable(ChengdanError):
    """A row of an event log from which it can't be told what happened, or when; its case stays out as a whole."""

    code = "IMPORT-015"
    status = 422
    zh = "第 {line} 行“{column}”：{why}"
    en = "line {line}, {column}: {why}"
    hint_zh = "改正这一行，或为这一含义另选一列。"
    hint_en = "Mend that line, or choose another column for it."
