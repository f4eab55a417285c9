"""The daily self-check: whether what the record says in one place agrees with what it says in another.

Each check is one function in `checks/`, with a sentence on what is wrong and what to do. None changes anything. `run` carries
them out and keeps the result; the clock does so at night, and `manage.py verify` whenever somebody types it.
"""
