"""Backups of a whole home: the database at one moment, and the uploaded files, with a manifest that says what is whole.

Neither SECRET_KEY nor the settings are in a backup: who finds one shall not find the key beside it.
"""
