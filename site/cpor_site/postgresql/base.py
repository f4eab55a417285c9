"""Django's back end, except that a connection with the option `answer_within` waits no longer than so many seconds.

PostgreSQL's own time-outs (statement_timeout, lock_timeout) are kept by the server. One that has been halted, or a proxy
before one that is gone, keeps none, and its operating system goes on confirming what it receives, so that TCP does not
notice either.
"""

import types
from time import monotonic

import psycopg
from django.db.backends.postgresql import base

HEALTH_CHECK_SECONDS = 1.0
# After a connection that was not answered: the requests behind it need not wait as long, one by one.
REST_SECONDS = 1.0


class Connection(psycopg.Connection):
    """Waits for each answer `answer_within` seconds at most, and is of no further use if none came."""

    answer_within: float | None = None

    def wait(self, gen, interval=0.1, timeout=None):
        try:
            return super().wait(gen, interval, self.answer_within if timeout is None else timeout)
        except psycopg.OperationalError as error:
            if timeout is None and error.sqlstate is None:
                self.close()  # the server said nothing: its answer could still come, to another question
            raise


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's wrapper, with connections of the kind above."""

    Database = types.SimpleNamespace(**vars(psycopg) | {"connect": Connection.connect})
    _silent_until = float("-inf")

    def get_connection_params(self):
        parameters = super().get_connection_params()
        self.answer_within = parameters.pop("answer_within", None)
        return parameters

    def get_new_connection(self, conn_params):
        if self.answer_within and monotonic() < DatabaseWrapper._silent_until:
            raise psycopg.OperationalError("the database did not answer a moment ago")
        try:
            connection = super().get_new_connection(conn_params)
        except psycopg.errors.ConnectionTimeout:
            DatabaseWrapper._silent_until = monotonic() + REST_SECONDS
            raise
        connection.answer_within = self.answer_within
        return connection

    def is_usable(self):
        if self.connection is not None and self.answer_within:
            self.connection.answer_within = min(HEALTH_CHECK_SECONDS, self.answer_within)
        try:
            return super().is_usable()
        finally:
            if self.connection is not None:
                self.connection.answer_within = self.answer_within
