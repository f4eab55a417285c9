"""Where the site stands, its variables, and the folder in which it writes."""

import os
from pathlib import Path

from environ import Env

from cpor_site.private_folder import make_private
from cpor_site.settings import values
from cpor_site.settings.reader import Environment

BASE_DIR = Path(__file__).resolve().parents[4]

env = Environment(os.environ)
env.check_file(BASE_DIR / ".env")
Env.read_env(BASE_DIR / ".env")  # into os.environ, where nothing else is said there

VAR_DIR = env("VAR_DIR", default=BASE_DIR / "var", read=values.absolute)
# Whatever a process of this site writes is its owner's alone; the few exceptions say so themselves.
os.umask(0o077)
try:
    make_private(VAR_DIR)
except PermissionError as error:
    env.refuse(
        "VAR_DIR",
        f"names the folder {VAR_DIR}, which cannot be made, or is open to others and not yours to close ({error.strerror}). "
        "Make it yours, or set another one.",
    )
except OSError as error:
    env.refuse(
        "VAR_DIR", f"names the folder {VAR_DIR}, which cannot be made ({error.strerror}). Set another one."
    )
else:
    if not os.access(VAR_DIR, os.W_OK):
        env.refuse(
            "VAR_DIR",
            f"names the folder {VAR_DIR}, in which this user may not write. Make it yours, or set another.",
        )
