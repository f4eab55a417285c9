"""How mail leaves, and how bounces come back."""

from urllib.parse import urlsplit

from cpor_site.dkim_settings import checked_private_key

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
# The signature by which receivers know that a mail is this domain's. With the private key mails are signed here; without it,
# domain and selector say how the relay signs, for `check_sender`.
DKIM_DOMAIN = env("DKIM_DOMAIN", default="")
DKIM_SELECTOR = env("DKIM_SELECTOR", default="")
DKIM_PRIVATE_KEY = checked_private_key(
    key=env("DKIM_PRIVATE_KEY", default=""),
    file=env("DKIM_PRIVATE_KEY_FILE", default=""),
    domain=DKIM_DOMAIN,
    selector=DKIM_SELECTOR,
)
# Whom `check_sender` asks: an address, or address#port; empty: the machine's own resolver.
DNS_RESOLVER = env("DNS_RESOLVER", default="")
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_TIMEOUT = 30
# How many mails a minute the servers take, over all workers: of all mail, and by domain (`*`: each other one). 0: any.
MAIL_PER_MINUTE = env.int("MAIL_PER_MINUTE", default=0)
MAIL_PER_MINUTE_TO = env.dict("MAIL_PER_MINUTE_TO", cast={"value": int}, default={})
