"""Where the site stands, its variables, and the folder in which it writes."""

import os
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from cpor_site.private_folder import make_private

BASE_DIR = Path(__file__).resolve().parents[4]

env = environ.Env()
env.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))
# Whatever a process of this site writes is its owner's alone; the few exceptions say so themselves.
os.umask(0o077)
try:
    make_private(VAR_DIR)
except PermissionError as error:
    raise ImproperlyConfigured(
        f"The folder {VAR_DIR} cannot be made, or is open to others and not yours to close ({error.strerror}). "
        "Make it yours, or set VAR_DIR."
    ) from error
except OSError as error:
    raise ImproperlyConfigured(
        f"The folder {VAR_DIR} cannot be made ({error.strerror}). Set VAR_DIR."
    ) from error
if not os.access(VAR_DIR, os.W_OK):
    raise ImproperlyConfigured(f"The folder {VAR_DIR} cannot be written to. Make it yours, or set VAR_DIR.")
