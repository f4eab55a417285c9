"""The collected and compressed static files, made once and kept below var/ until a source or a requirement changes (13 s)."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.support.migrated_database import A_DAY, FOLDER, ROOT, alone, state_of


def collected_static() -> Path:
    """Return a folder to serve as STATIC_ROOT. It is only to be read."""
    path = FOLDER / f"static_{state_of(_sources())}"
    with alone(FOLDER):
        if not path.exists():
            _remove_old_ones()
            making = path.with_suffix(".making")
            shutil.rmtree(making, ignore_errors=True)
            _collect(making)
            (making / "static").rename(path)
            shutil.rmtree(making)
    return path


def _sources() -> list[Path]:
    project = ROOT / "site" / "cpor_site"
    folders = [ROOT / "site" / "static", *ROOT.glob("cpor_*/static")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [*files, project / "static_files.py", project / "settings" / "base.py"]


def _remove_old_ones() -> None:
    for old in FOLDER.glob("static_*"):
        if time.time() - old.stat().st_mtime > A_DAY:  # another run may serve a younger one
            shutil.rmtree(old)


def _collect(var: Path) -> None:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "cpor_site.settings.base", "VAR_DIR": str(var)}
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
