"""What can be wrong with an uploaded or stored file."""

from chengdan.base.errors import ChengdanError


class FileTooLarge(ChengdanError):
    """More bytes than one upload may have."""

    code = "FILE-001"
    status = 413
    zh = "文件“{name}”超过 {limit_mb} MB。"
    en = "The file {name} is larger than {limit_mb} MB."
    hint_zh = "请压缩后再上传，或请管理员调高上限（CHENGDAN_MAX_UPLOAD_MB）。"
    hint_en = "Make it smaller, or ask an administrator to raise the limit (CHENGDAN_MAX_UPLOAD_MB)."


class FileEmpty(ChengdanError):
    """Nothing was uploaded under that name."""

    code = "FILE-002"
    status = 422
    zh = "文件“{name}”是空的。"
    en = "The file {name} is empty."
    hint_zh = "请检查文件后重新上传。"
    hint_en = "Check the file and upload it again."


class FileTypeForbidden(ChengdanError):
    """A program, a script, or a page that a browser would run; `found` is its media type or extension."""

    code = "FILE-003"
    status = 415
    zh = "不接受这类文件：“{name}”（{found}）。"
    en = "Files of this kind aren't accepted: {name} ({found})."
    hint_zh = "程序、脚本、网页和 SVG 可能执行代码；请改传 PDF、图片或办公文档。"
    hint_en = (
        "Programs, scripts, web pages and SVG may run code; upload a PDF, an image or an office document."
    )


class FileTypeMismatch(ChengdanError):
    """The content isn't what the name says."""

    code = "FILE-004"
    status = 415
    zh = "“{name}”的内容（{found}）与扩展名 .{extension} 不符。"
    en = "{name} holds {found}, which its extension .{extension} doesn't say."
    hint_zh = "请用原来的程序另存后再上传。"
    hint_en = "Save it again with the program it comes from."


class ImageTooLarge(ChengdanError):
    """More pixels than are unpacked for a thumbnail."""

    code = "FILE-005"
    status = 413
    zh = "图片有 {megapixels} 百万像素，最多 {limit} 百万。"
    en = "The image has {megapixels} megapixels; at most {limit} are shown."
    hint_zh = "请缩小图片。"
    hint_en = "Make the image smaller."


class ImageDamaged(ChengdanError):
    """The file starts like an image, but can't be unpacked."""

    code = "FILE-006"
    status = 422
    zh = "图片已损坏，无法显示。"
    en = "The image is damaged and can't be shown."
    hint_zh = "请重新上传。"
    hint_en = "Upload it again."


class BlobMissing(ChengdanError):
    """No content is stored under that hash."""

    code = "FILE-007"
    status = 404
    zh = "找不到文件内容（{sha256}）。"
    en = "The content {sha256} isn't stored."


class StorageUnavailable(ChengdanError):
    """The disk or the object store refuses to read or write."""

    code = "FILE-008"
    status = 503
    zh = "文件存储暂不可用：{reason}"
    en = "The file store isn't available: {reason}"
    hint_zh = "请稍后再试；管理员请检查磁盘空间与 CHENGDAN_S3_* 设置。"
    hint_en = "Try again later; administrators check the disk and the CHENGDAN_S3_* settings."


class PagesUnreadable(ChengdanError):
    """A document that isn't a readable PDF, is locked, or takes too long to draw."""

    code = "FILE-009"
    status = 422
    zh = "无法预览这份文件。"
    en = "The file can't be previewed."
    hint_zh = "它可能已损坏或有密码；请下载后打开。"
    hint_en = "It may be damaged or locked; download it to open it."
