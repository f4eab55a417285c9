"""Django's back end, except that a connection with the option `answer_within` waits no longer than so many seconds.

PostgreSQL's own time-outs (statement_timeout, lock_timeout) are enforced by the server. One that is halted, or a proxy in
front of one that is gone, enforces none, and its operating system still confirms what it receives, so that TCP notices
nothing either.
"""

import types

import psycopg
from django.db.backends.postgresql import base

from cpor_core.circuit_breaker import Away, CircuitBreaker

HEALTH_CHECK_SECONDS = 1.0
# The requests behind one whose connection was not answered need not wait as long, one by one.
SERVER = CircuitBreaker("PostgreSQL", (psycopg.errors.ConnectionTimeout,), pause=1.0)


class Connection(psycopg.Connection):
    """Waits for each answer `answer_within` seconds at most, and is of no further use if none came."""

    answer_within: float | None = None

    def wait(self, gen, interval=0.1, timeout=None):
        try:
            return super().wait(gen, interval, self.answer_within if timeout is None else timeout)
        except psycopg.OperationalError as error:
            if timeout is None and error.sqlstate is None:
                self.close()  # an answer that is still to come would be taken for that to the next query
            raise


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's wrapper, with connections of the kind above."""

    Database = types.SimpleNamespace(  # type: ignore[assignment]  # a module with one function of ours
        **vars(psycopg) | {"connect": Connection.connect}
    )

    def get_connection_params(self):
        parameters = super().get_connection_params()
        self.answer_within = parameters.pop("answer_within", None)
        return parameters

    def get_new_connection(self, conn_params):
        if not self.answer_within:
            return super().get_new_connection(conn_params)
        try:
            with SERVER:
                connection = super().get_new_connection(conn_params)
        except Away as error:
            raise psycopg.OperationalError("the database does not answer") from error
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
