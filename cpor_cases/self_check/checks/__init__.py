"""All checks, by subject. A new one stands in its module and is found from here."""

from . import accesses, accounts, cases, counters, entries, imports, mails, news, references

CHECKS = (
    *news.CHECKS,
    *mails.CHECKS,
    *accesses.CHECKS,
    *accounts.CHECKS,
    *cases.CHECKS,
    *entries.CHECKS,
    *imports.CHECKS,
    *counters.CHECKS,
    *references.CHECKS,
)
BY_CODE = {each.code: each for each in CHECKS}
