"""What a response of the test client holds."""


def read(response) -> bytes:
    """Return a file sent in pieces. Read to its end, the test client closes it, and not the database with it."""
    return b"".join(response.streaming_content)
