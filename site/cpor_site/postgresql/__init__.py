"""Django's PostgreSQL back end with a time limit for servers that do not answer."""
