"""The database back end of this site on PostgreSQL: Django's, with an end to waiting for a server that is silent."""
