"""Tag lists, in which the DNS records of DKIM and DMARC are written: `v=DMARC1; p=none` (RFC 6376, 3.2)."""


def parse(record: str) -> dict[str, str]:
    """Return the values of a tag list by name."""
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip() for name, _equals, value in pairs if name.strip()}
