"""Programs that tests call. Without one a test is skipped on a developer's machine and fails in CI."""

import os
import shutil

import pytest


def find_program(*names: str, package: str) -> str:
    """Return the path of the first program found; `package` is the one of Debian that brings it."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    found = next(filter(None, (shutil.which(name, path=path) for name in names)), None)
    if not found:
        skip_unless_ci(f"{names[0]} is not installed; on Debian: apt install {package}")
    return found


def skip_unless_ci(reason: str) -> None:
    """Skip the running test; in CI, where nothing may be skipped, let it fail."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason} (never skipped in CI)")
    pytest.skip(reason)
