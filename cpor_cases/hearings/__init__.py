"""The hearings of cases as they stand now: whatever shows, mails or lists a hearing reads them here.

`standing` says what follows from a case's entries, without a database; `of_cases` reads the entries of many cases at once.
"""
