"""Each of the two apps works without the other, in a site with its own settings."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
SHOWN = """
import json
from django.contrib.auth import get_user_model
from django.test import Client
get_user_model().objects.create_superuser("root", "root@court.example", "x")
visitor, staff = Client(), Client()
staff.force_login(get_user_model().objects.get(username="root"))
answers = {path: client.get(path, follow=True).status_code for client, paths in ((visitor, %r), (staff, %r)) for path in paths}
print(json.dumps({path: code for path, code in answers.items() if code != 200}))
"""
PUBLIC = {
    "pages_alone": [
        "/",
        "/en/",
        "/forms/",
        "/faq/",
        "/case-words/",
        "/guide/",
        "/search/?q=x",
        "/sitemap.xml",
    ],
    "cases_alone": ["/accounts/login/", "/cases/", "/check/", "/en/check/"],
}
OFFICE = {
    "pages_alone": ["/", "/admin/", "/admin/snippets/cpor_pages/courtform/"],
    "cases_alone": ["/admin/"],
}
LOADED = {
    "pages_alone": ["load_reference_data", "load_starter_content"],
    "cases_alone": ["load_reference_data"],
}


def manage(name: str, folder, *arguments: str) -> str:
    own = {
        "DJANGO_SETTINGS_MODULE": f"drills.alone.{name}",
        "HOST_FOLDER": str(folder),
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-m", "django", *arguments],
        cwd=folder, env={"PATH": os.environ["PATH"]} | own, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("name", ["pages_alone", "cases_alone"])
def test_an_app_works_without_the_other(name, tmp_path):
    manage(name, tmp_path, "check", "--fail-level", "ERROR")
    manage(name, tmp_path, "migrate", "--verbosity", "0")
    assert "No changes" in manage(name, tmp_path, "makemigrations", "--check", "--dry-run")
    for command in LOADED[name]:
        manage(name, tmp_path, command)

    shown = manage(name, tmp_path, "shell", "--no-imports", "-c", SHOWN % (PUBLIC[name], OFFICE[name]))

    assert shown.strip() == "{}"
