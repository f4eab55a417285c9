"""The site's settings: nothing to configure on one machine, nothing forgotten in production."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from cpor_site.settings import transports
from cpor_site.settings.reader import Environment
from tests.support.production import PRODUCTION

PACKAGED = {"DJANGO_SETTINGS_MODULE": "cpor_site.settings.base", "PYTHONPATH": "site"}  # as manage.py has it


def manage(*arguments, tmp_path, **environment):
    return run("manage.py", *arguments, tmp_path=tmp_path, **environment)


def run(*arguments, tmp_path, **environment):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
    )


def test_the_deployment_check_is_silent_in_production(tmp_path):
    done = manage("check", "--deploy", "--fail-level", "WARNING", tmp_path=tmp_path, **PRODUCTION)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues (0 silenced)" in done.stdout


@pytest.mark.parametrize(
    "name",
    [
        "SECRET_KEY",
        "ALLOWED_HOSTS",
        "BASE_URL",
        "DATABASE_URL",
        "REDIS_URL",
        "EMAIL_URL",
        "DEFAULT_FROM_EMAIL",
    ],
)
def test_what_is_missing_in_production_stops_the_start_with_its_name(tmp_path, name):
    rest = {key: value for key, value in PRODUCTION.items() if key != name}

    done = manage("check", tmp_path=tmp_path, **rest)

    assert done.returncode != 0
    assert name in done.stderr
    assert "Traceback" not in done.stderr


def unprotected(variables):
    env = Environment(variables)
    transports.refuse_unprotected(env)
    return list(env.faults.values())


ELSEWHERE = [
    ("EMAIL_URL", "smtp://cpor:hush@mail.court.example:25", "ALLOW_UNENCRYPTED_SMTP"),
    ("EMAIL_URL", "smtp://10.0.0.7", "ALLOW_UNENCRYPTED_SMTP"),
    ("BOUNCES_URL", "imap://cpor:hush@mail.court.example/INBOX", "ALLOW_UNENCRYPTED_IMAP"),
    ("REDIS_URL", "redis://redis.court.example:6379/0", "ALLOW_REDIS_WITHOUT_PASSWORD"),
    ("REDIS_URL", "rediss://:@redis.court.example:6379/0", "ALLOW_REDIS_WITHOUT_PASSWORD"),
    ("DATABASE_URL", "postgres://cpor:hush@db.court.example/cpor", "ALLOW_UNENCRYPTED_POSTGRESQL"),
    (
        "DATABASE_URL",
        "postgres://cpor:hush@db.court.example/cpor?sslmode=prefer",
        "ALLOW_UNENCRYPTED_POSTGRESQL",
    ),
    ("DATABASE_URL", "postgres://cpor:hush@127.0.0.1,db.court.example/cpor", "ALLOW_UNENCRYPTED_POSTGRESQL"),
    ("DATABASE_URL", "postgres:///cpor?host=db.court.example", "ALLOW_UNENCRYPTED_POSTGRESQL"),
    ("DATABASE_URL", "postgres:///cpor?service=cpor", "ALLOW_UNENCRYPTED_POSTGRESQL"),
]


@pytest.mark.parametrize(("variable", "url", "permission"), ELSEWHERE)
def test_an_unprotected_connection_to_another_host_is_refused_unless_a_setting_permits_it(
    variable, url, permission
):
    [said] = unprotected(PRODUCTION | {variable: url})

    assert said.startswith(f"{variable} ")
    assert f"set {permission}=true" in said
    assert "hush" not in said
    assert unprotected(PRODUCTION | {variable: url, permission: "true"}) == []
    assert unprotected(PRODUCTION | {variable: url, permission: "false"}) == [said]


@pytest.mark.parametrize(
    ("variable", "url"),
    [
        ("EMAIL_URL", "smtp://127.0.0.2:25"),
        ("EMAIL_URL", "smtp://[::1]:25"),
        ("EMAIL_URL", "smtp+tls://mail.court.example:587"),
        ("EMAIL_URL", "smtp+ssl://mail.court.example:465"),
        ("BOUNCES_URL", "imaps://mail.court.example/INBOX"),
        ("BOUNCES_URL", "imap+tls://mail.court.example/INBOX"),
        ("BOUNCES_URL", "maildir:///var/mail/cpor"),
        ("REDIS_URL", "redis://localhost"),
        ("REDIS_URL", "unix:///run/redis.sock"),
        ("REDIS_URL", "rediss://:hush@redis.court.example"),
        ("DATABASE_URL", "postgres://cpor@/cpor?host=/run/postgresql"),
        ("DATABASE_URL", "postgres://cpor@%2Frun%2Fpostgresql/cpor"),
        ("DATABASE_URL", "postgres://cpor@db.court.example/cpor?sslmode=require"),
        ("DATABASE_URL", "postgres://cpor@db.court.example/cpor?sslmode=verify-full"),
        ("DATABASE_URL", "sqlite:////srv/cpor/site.sqlite3"),
    ],
)
def test_a_protected_connection_and_one_within_the_machine_are_taken(variable, url):
    assert unprotected(PRODUCTION | {variable: url}) == []


def test_libpq_s_own_variables_count():
    elsewhere = PRODUCTION | {"DATABASE_URL": "postgres:///cpor", "PGHOST": "db.court.example"}

    assert len(unprotected(elsewhere)) == 1
    assert unprotected(elsewhere | {"PGSSLMODE": "verify-full"}) == []


def test_production_does_not_start_with_unprotected_connections_and_names_them_all(tmp_path):
    urls = {"EMAIL_URL": "smtp://mail.court.example", "REDIS_URL": "redis://redis.court.example"}

    done = manage("check", tmp_path=tmp_path, **PRODUCTION | urls)

    assert done.returncode != 0
    assert "ALLOW_UNENCRYPTED_SMTP" in done.stderr
    assert "ALLOW_REDIS_WITHOUT_PASSWORD" in done.stderr
    assert "Traceback" not in done.stderr


def test_one_machine_needs_no_setting_and_keeps_its_secret_key(tmp_path):
    code = (
        "from django.conf import settings; print(settings.SECRET_KEY, settings.DEBUG, settings.EMAIL_BACKEND)"
    )

    first, second = (run("-c", code, tmp_path=tmp_path, **PACKAGED) for _start in range(2))

    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout
    assert first.stdout.split()[1:] == ["False", "cpor_cases.mail.eml_files.EmlFileBackend"]
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_made_gets_a_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")

    done = manage("check", tmp_path=tmp_path / "file" / "var")

    assert done.returncode != 0
    assert "cannot be made" in done.stderr
    assert "Traceback" not in done.stderr


SETTINGS = Path(transports.__file__).parent
BASE_DIR = Path(settings.BASE_DIR)
EXPLAINED = (BASE_DIR / ".env.example").read_text(encoding="utf-8")
FOR_OPERATORS = (BASE_DIR / "docs" / "operators.md").read_text(encoding="utf-8")


def asked_for(*kinds: str) -> set[str]:
    """The variables that the settings read by these methods of django-environ ("" is a call of `env` itself)."""
    calls = [
        node
        for path in SETTINGS.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
    ]
    own = [call for call in calls if ast.unparse(call.func).removeprefix("base.").split(".")[0] == "env"]
    return {call.args[0].value for call in own if ast.unparse(call.func).removeprefix("base.")[4:] in kinds}


# What cannot be right is refused

WRONG = {
    "SECRET_KEY": ["hush-hush", "django-insecure-hush-" + 50 * "x"],
    "SECRET_KEY_FALLBACKS": [],  # any key of before must do
    "BACKUP_RECIPIENTS": ["age1hush", "AGE-SECRET-KEY-1HUSH"],
    "CHECK_CODE_KEYS": ["hush-hush,zz", "abc"],
    "ALLOWED_HOSTS": ["https://cpor.court.example", "cpor.court.example:443", "cpor.court.example/x", "*.x"],
    "BASE_URL": [
        "cpor.court.example",
        "ftp://cpor.court.example",
        "https://",
        "https://a.example/b?c",
        "http://a:b",
    ],
    "DATABASE_URL": [
        *(
            "mongo://cpor:hush@127.0.0.1/cpor",
            "postgres://cpor:hu#sh@127.0.0.1/cpor",
            "postgres:///",
            "postgres",
        ),
        *(
            "postgres://cpor:hush@127.0.0.1:port/cpor",
            "sqlite:////nowhere/at/all.sqlite3",
            "sqlite:///site.sqlite3",
        ),
    ],
    "REDIS_URL": [
        "http://127.0.0.1",
        "redis://:hu#sh@127.0.0.1/0",
        "redis://127.0.0.1/cpor",
        "redis:",
        "redis://a:b",
    ],
    "EMAIL_URL": [
        "sendmail://",
        "smtps://a:hush@mail.example",
        "smtp://",
        "smtp://a:hu#sh@b.example",
        "mail.example",
    ],
    "BOUNCES_URL": ["pop3://a:hush@b.example", "imaps:///INBOX", "maildir://var/mail", "mbox://"],
    "DEFAULT_FROM_EMAIL": ["no-reply", "Court <no-reply>", "Court <a@b.example", "a@b@c.example"],
    "MESSAGE_ID_DOMAIN": ["法院.example", "a@b.example", "-a.example"],
    "DKIM_DOMAIN": ["法院.example", "cpor\r\nBcc:"],
    "DKIM_SELECTOR": ["cpor 2026", "cpor;"],
    "DKIM_PRIVATE_KEY": ["hush-hush"],
    "DNS_RESOLVER": ["dns.court.example", "192.0.2.53#dns"],
    "MAIL_PER_MINUTE_TO": ["gmail.com", "gmail.com=many", "gmail.com:600", "=3"],
    "VAR_DIR": ["var", "/proc/nowhere"],
    "MEDIA_ROOT": ["media", "/nowhere/at/all", "/etc/passwd"],
    "MEDIA_STORAGE_URL": [
        "https://s3.example/media",
        "s3://key:hush@s3.example",
        "s3://key:hush@s3.example/Media!",
        "s3://key@s3.example/media",
        "s3://key:hush@s3.example/media?acl=public",
        "s3://key:hush@/media",
    ],
    "LOG_LEVEL": ["loud", "5"],
    "METRICS_TOKEN": ["short", "a token of several words that is long enough"],
    "SENTRY_DSN": [
        "sentry.example",
        "https://sentry.example/1",
        "https://hush@sentry.example",
        "http://hush@sentry.example/1",
    ],
    "SECURITY_LOG": ["security.jsonl", "/nowhere/at/all.jsonl", "/etc"],
}
WRONG_TRUTHS, WRONG_NUMBERS = ["maybe", "2", "t r u e"], ["many", "1.5", "-1", "1२", "1_0", "9" * 16]


def wrong_values() -> dict[str, list[str]]:
    kinds = {"bool": WRONG_TRUTHS, "int": WRONG_NUMBERS}
    wrong = {name: values for kind, values in kinds.items() for name in asked_for(kind)}
    permissions = {transport.permission: WRONG_TRUTHS for transport in transports.TRANSPORTS}
    return wrong | permissions | WRONG


def test_every_variable_has_values_that_are_refused():
    assert set(wrong_values()) == asked_for("", "int", "bool", "list", "dict") | {
        transport.permission for transport in transports.TRANSPORTS
    }


@pytest.mark.parametrize("round_", range(max(map(len, wrong_values().values()))))
def test_what_cannot_be_right_is_told_all_at_once_by_name_and_without_a_secret(tmp_path, round_):
    wrong = {name: values[round_] for name, values in wrong_values().items() if round_ < len(values)}

    done = manage("check", **{"tmp_path": tmp_path, **PRODUCTION, **wrong})

    said = done.stderr.splitlines()
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert "hush" not in done.stderr
    assert "hu#sh" not in done.stderr
    assert set(wrong) <= {line.split()[0] for line in said}
    assert all(line.endswith((".", "))'")) for line in said)


def test_an_empty_variable_is_one_that_is_not_set(tmp_path):
    empty = dict.fromkeys(wrong_values(), " ") | {"VAR_DIR": str(tmp_path)}

    done = manage("check", tmp_path=tmp_path, **empty)

    assert done.returncode == 0, done.stderr


def test_a_site_whose_own_links_would_be_refused_does_not_start(tmp_path):
    done = manage(
        "check", tmp_path=tmp_path, **PRODUCTION | {"ALLOWED_HOSTS": "www.court.example,.other.example"}
    )

    assert done.stderr.startswith("ALLOWED_HOSTS lacks cpor.court.example")
    for names in ["*", ".court.example", "x.example, CPOR.court.example"]:
        assert manage("check", tmp_path=tmp_path, **PRODUCTION | {"ALLOWED_HOSTS": names}).returncode == 0


# Secrets in files


def test_every_variable_may_be_in_a_file_that_another_names(tmp_path):
    (tmp_path / "key").write_text(PRODUCTION["SECRET_KEY"] + "\n")
    env = Environment({"SECRET_KEY_FILE": str(tmp_path / "key"), "WORKERS_FILE": ""})

    assert env("SECRET_KEY") == PRODUCTION["SECRET_KEY"]
    assert env.int("WORKERS", default=3) == 3
    assert env.faults == {}


def test_a_file_that_gives_no_value_is_refused(tmp_path):
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    env = Environment(
        {
            "SECRET_KEY_FILE": str(tmp_path / "none"),
            "REDIS_URL_FILE": str(tmp_path / "empty"),
            "EMAIL_URL_FILE": str(tmp_path / "bytes"),
            "DATABASE_URL_FILE": str(tmp_path / "none"),
            "DATABASE_URL": "postgres:///cpor",
        }
    )

    assert [env(name) for name in ["SECRET_KEY", "REDIS_URL", "EMAIL_URL", "DATABASE_URL"]] == [
        "",
        "",
        "",
        "",
    ]
    assert [fault.split(" ")[0] for fault in env.faults.values()] == [
        "SECRET_KEY_FILE",
        "REDIS_URL_FILE",
        "EMAIL_URL_FILE",
        "DATABASE_URL",
    ]


def test_a_line_of_env_that_would_be_left_out_without_a_word_is_refused(tmp_path):
    file = tmp_path / ".env"
    file.write_text("# one\n\nexport A=1\nSECRET_KEY = hush\n B=2\n")
    env = Environment({})

    env.check_file(file)
    env.check_file(tmp_path / "none")

    assert [fault.split("is no")[0] for fault in env.faults.values()] == [
        f"{file}, line 4, ",
        f"{file}, line 5, ",
    ]
    assert "hush" not in "".join(env.faults.values())


# What the environment may say is explained where people look for it


def test_every_variable_of_the_environment_is_explained_in_the_example():
    variables = asked_for("", "int", "bool", "list", "dict")
    variables |= {
        each for transport in transports.TRANSPORTS for each in (transport.variable, transport.permission)
    }
    explained = re.findall(r"^#([A-Z][A-Z_]+)=", EXPLAINED, re.MULTILINE)

    assert len(variables) > 30
    assert {each.removesuffix("_FILE") for each in explained} == variables
    assert len(set(explained)) == len(explained)
    assert not re.findall(r"\n\n#[A-Z_]+=", EXPLAINED)  # each with words before it


def test_every_limit_and_term_is_explained_to_operators():
    assert {each for each in asked_for("int", "dict") if f"`{each}`" not in FOR_OPERATORS} == set()
