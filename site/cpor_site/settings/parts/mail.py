"""How mail leaves, and how bounces come back."""

from urllib.parse import urlsplit

from cpor_site.settings import values
from cpor_site.settings.dkim import private_key

from .environment import VAR_DIR, env
from .security import BASE_URL

DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="no-reply@localhost", read=values.mail_address)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_URL = env("EMAIL_URL")
if _mail_server := env("EMAIL_URL", default=None, read=values.mail_server):
    EMAIL_BACKEND = "cpor_cases.mail.smtp.SMTPBackend"
    EMAIL_HOST = _mail_server["EMAIL_HOST"]
    EMAIL_PORT: int = _mail_server["EMAIL_PORT"]
    EMAIL_HOST_USER = _mail_server["EMAIL_HOST_USER"] or ""
    EMAIL_HOST_PASSWORD = _mail_server["EMAIL_HOST_PASSWORD"] or ""
    EMAIL_USE_TLS = _mail_server.get("EMAIL_USE_TLS", False)
    EMAIL_USE_SSL = _mail_server.get("EMAIL_USE_SSL", False)
else:
    EMAIL_BACKEND = "cpor_cases.mail.eml_files.EmlFileBackend"
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_TIMEOUT = 30
MAIL = {
    "MESSAGE_ID_DOMAIN": env(
        "MESSAGE_ID_DOMAIN", default=urlsplit(BASE_URL).hostname or "", read=values.dns_name
    ),
    "FORGED_MAILS_PAGE": "forged-emails/",
    "BOUNCES_URL": env("BOUNCES_URL", read=values.mailbox),
    # The signature by which receivers know that a mail is this domain's. With the private key mails are signed here;
    # without it, domain and selector say how the relay signs, for `check_sender`.
    "DKIM_DOMAIN": env("DKIM_DOMAIN", read=values.dns_name),
    "DKIM_SELECTOR": env("DKIM_SELECTOR", read=values.dns_name),
    "DKIM_PRIVATE_KEY": env("DKIM_PRIVATE_KEY", read=private_key),
    "DNS_RESOLVER": env("DNS_RESOLVER", read=values.resolver),
    "CHECK_CODE_KEYS": env.list("CHECK_CODE_KEYS", read=values.hexadecimal),
    "MAIL_PER_MINUTE": env.int("MAIL_PER_MINUTE", default=0, least=0, most=1_000_000),
    "MAIL_PER_MINUTE_TO": env.dict("MAIL_PER_MINUTE_TO", default={}, read_key=values.domain_or_star),
}
if MAIL["DKIM_PRIVATE_KEY"] and not (MAIL["DKIM_DOMAIN"] and MAIL["DKIM_SELECTOR"]):
    env.refuse("DKIM_PRIVATE_KEY", "is set: to sign mails, set DKIM_DOMAIN and DKIM_SELECTOR, too.")
