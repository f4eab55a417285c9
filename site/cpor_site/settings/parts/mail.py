"""How mail leaves, and how bounces come back."""

from urllib.parse import urlsplit

from .environment import VAR_DIR, env
from .security import BASE_URL

DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="no-reply@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MESSAGE_ID_DOMAIN = env("MESSAGE_ID_DOMAIN", default=urlsplit(BASE_URL).hostname)
# Where on this site the page on forged mails is, to which every mail links. Empty: there is none.
FORGED_MAILS_PAGE = "forged-emails/"
EMAIL_URL = env("EMAIL_URL", default="")
if EMAIL_URL:
    _mail_server = env.email_url("EMAIL_URL")
    EMAIL_BACKEND = "cpor_cases.mail.smtp.SMTPBackend"
    EMAIL_HOST = _mail_server["EMAIL_HOST"]
    EMAIL_PORT = _mail_server["EMAIL_PORT"]
    EMAIL_HOST_USER = _mail_server["EMAIL_HOST_USER"] or ""
    EMAIL_HOST_PASSWORD = _mail_server["EMAIL_HOST_PASSWORD"] or ""
    EMAIL_USE_TLS = _mail_server.get("EMAIL_USE_TLS", False)
    EMAIL_USE_SSL = _mail_server.get("EMAIL_USE_SSL", False)
else:
    EMAIL_BACKEND = "cpor_cases.mail.eml_files.EmlFileBackend"
# The mailbox of bounces: imaps://…, maildir:///…, mbox:///…. Empty: none is read.
BOUNCES_URL = env("BOUNCES_URL", default="")
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_TIMEOUT = 30
# How many mails a minute the servers take, over all workers: of all mail, and by domain (`*`: each other one). 0: any.
MAIL_PER_MINUTE = env.int("MAIL_PER_MINUTE", default=0)
MAIL_PER_MINUTE_TO = env.dict("MAIL_PER_MINUTE_TO", cast={"value": int}, default={})
