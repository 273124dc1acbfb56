"""Refusals of the mail room."""

from chengdan.base.errors import ChengdanError


class NoMail(ChengdanError):
    """No object of the definitions is mail."""

    code = "MAIL-001"
    status = 404
    zh = "定义里没有邮件对象。"
    en = "No object of the definitions is mail."


class NoAccount(ChengdanError):
    code = "MAIL-002"
    status = 422
    zh = "没有可用来发信的邮箱账号。"
    en = "There is no mail account to send from."
    hint_zh = "请在「设置 › 邮箱账号」添加账号，并填写发信服务器。"
    hint_en = "Add an account with an SMTP server under Settings › Mail accounts."


class AddressTaken(ChengdanError):
    code = "MAIL-003"
    status = 409
    zh = "邮箱 {address} 已经有账号。"
    en = "There is an account for {address} already."


class BadAccount(ChengdanError):
    """A mail account that can't be as it is described; `path` names the member."""

    code = "MAIL-004"
    status = 422
    zh = "邮箱账号填得不对：{what}"
    en = "The mail account is not valid: {what}"


class HostRefused(ChengdanError):
    """A mail server that this installation does not connect to."""

    code = "MAIL-005"
    status = 422
    zh = "不允许连接邮件服务器 {host}:{port}。"
    en = "This installation doesn't connect to the mail server {host}:{port}."
    hint_zh = "请管理员把它写进 CHENGDAN_MAIL_HOSTS。"
    hint_en = "An administrator may name it in CHENGDAN_MAIL_HOSTS."


class ServerUnreachable(ChengdanError):
    code = "MAIL-006"
    status = 502
    zh = "连不上 {host}:{port}：{why}"
    en = "{host}:{port} can't be reached: {why}"
    hint_zh = "检查服务器地址、端口与加密方式。"
    hint_en = "Check the server's address, port and encryption."


class LoginRefused(ChengdanError):
    code = "MAIL-007"
    status = 502
    zh = "{host} 拒绝了登录。"
    en = "{host} refused the log-in."
    hint_zh = "检查用户名与密码；许多邮箱要用「授权码」或「应用专用密码」，并先在邮箱网页里开启 SMTP/IMAP。"
    hint_en = (
        "Check user name and password; many providers want an app password, with SMTP/IMAP switched on first."
    )


class TokenRefused(ChengdanError):
    code = "MAIL-008"
    status = 502
    zh = "授权服务器没有给出访问令牌：{why}"
    en = "The authorisation server gave no access token: {why}"
    hint_zh = "重新授权，并检查客户端编号、客户端密钥与刷新令牌。"
    hint_en = "Authorise again, and check the client's id, its secret and the refresh token."


class MessageRefused(ChengdanError):
    """The server refused a message for good; what it said is in `why`."""

    code = "MAIL-009"
    status = 502
    zh = "服务器拒收：{why}"
    en = "The server refused it: {why}"


class NotDraft(ChengdanError):
    code = "MAIL-010"
    status = 409
    zh = "这封邮件已不是草稿。"
    en = "The mail is no draft any more."


class NotWaiting(ChengdanError):
    code = "MAIL-011"
    status = 409
    zh = "这封邮件当前没有可重新决定的发送。"
    en = "There is nothing to decide about sending this mail."


class BadAddress(ChengdanError):
    code = "MAIL-012"
    status = 422
    zh = "“{address}”不是邮箱地址。"
    en = "`{address}` is not an e-mail address."
    hint_zh = "多个地址用逗号或分号隔开。"
    hint_en = "Separate several addresses by commas or semicolons."


class NobodyToWriteTo(ChengdanError):
    code = "MAIL-013"
    status = 422
    zh = "请填写收件人。"
    en = "The mail is addressed to nobody."


class TooManyAddresses(ChengdanError):
    code = "MAIL-014"
    status = 422
    zh = "一封邮件最多 {limit} 个收件人。"
    en = "A mail has at most {limit} recipients."


class NothingToSay(ChengdanError):
    code = "MAIL-015"
    status = 422
    zh = "主题和正文都不能为空。"
    en = "A mail needs a subject and a body."


class MailTooLarge(ChengdanError):
    code = "MAIL-016"
    status = 422
    zh = "附件共 {size} MB，超过 {limit} MB。"
    en = "The attachments come to {size} MB; {limit} MB is the limit."
    hint_zh = "去掉一些附件，或以跟踪链接代替附件。"
    hint_en = "Take some away, or send them as tracked links."


class NoSuchLetter(ChengdanError):
    code = "MAIL-017"
    status = 404
    zh = "没有信件模板“{name}”。"
    en = "There is no letter `{name}`."


class BadSignature(ChengdanError):
    """An inbound webhook whose signature does not fit."""

    code = "MAIL-018"
    status = 401
    zh = "签名不对，或时间相差过大。"
    en = "The signature doesn't fit, or its time is too far off."
    hint_zh = '签名是 HMAC-SHA256(密钥, 时间戳 + "." + 正文)，时间戳为秒，相差不超过 5 分钟。'
    hint_en = 'The signature is HMAC-SHA256(secret, timestamp + "." + body); the timestamp in seconds, at most 5 minutes off.'


class UnreadableMessage(ChengdanError):
    code = "MAIL-019"
    status = 422
    zh = "这不是一封可读的邮件。"
    en = "This is no readable mail message."
