"""Suggests corrections of mistyped addresses: gmail.com for gmial.com."""

from difflib import get_close_matches

# Where people in Taiwan have their mail; a domain that is nearly one of these is probably meant to be it.
DOMAINS = [
    "gmail.com",
    "yahoo.com.tw",
    "yahoo.com",
    "hotmail.com",
    "hotmail.com.tw",
    "outlook.com",
    "icloud.com",
    "hinet.net",
    "msa.hinet.net",
    "pchome.com.tw",
    "seed.net.tw",
    "kimo.com",
    "livemail.tw",
    "live.com",
    "msn.com",
    "me.com",
    "proton.me",
    "protonmail.com",
]
# Real domains that only look mistyped.
NEIGHBOURS = {
    "ymail.com",
    "mail.com",
    "email.com",
    "yahoo.com.hk",
    "hotmail.co.uk",
    "googlemail.com",
    "mac.com",
}
ALIKE = 0.85


def likely_address(email: str) -> str | None:
    """Return the address that was probably meant, or None if `email` looks right."""
    name, _at, domain = email.rpartition("@")
    domain = domain.lower()
    if not name or domain in DOMAINS or domain in NEIGHBOURS or domain.endswith(".hinet.net"):
        return None
    meant = get_close_matches(domain, DOMAINS, n=1, cutoff=ALIKE)
    return f"{name}@{meant[0]}" if meant else None
