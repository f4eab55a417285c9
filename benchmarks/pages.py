"""Public pages: a cached page beside a static file and a bare WSGI application of the same bytes, and a page made anew.

All are served by the same kind of server in one run: one process of granian with four threads, as `make run` has it;
gunicorn, which many would take instead, answers the same pages, cached and made anew, beside it. Debian's wrk asks, at last while
visitors on a bad line keep more connections open than the server has threads.
"""

import argparse
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections import defaultdict
from contextlib import ExitStack, contextmanager
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.test import RequestFactory

from cpor_core import conf
from tests.support.ports import free_port

from .peers import is_installed
from .slow_clients import slow_clients
from .timing import print_table

ROOT = Path(__file__).resolve().parents[1]
PAGES = ["/", "/forms/", "/case-words/", "/faq/", "/guide/", "/en/"]
SLOW_CLIENTS = 8
SITE, BARE = "cpor_site.wsgi:application", "benchmarks.bare:application"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--page-seconds",
        type=int,
        default=3,
        help="how long each page is asked for in a round; 0: it is asked for once, without wrk",
    )
    parser.add_argument("--connections", type=int, default=16, help="how many ask for pages side by side")


def run(options: argparse.Namespace) -> None:
    call_command("load_starter_content", verbosity=0, stdout=StringIO())
    _print_costs_of_new_pages(options.rounds)
    if options.page_seconds and not shutil.which("wrk"):
        print("\nCached pages were not measured: apt install wrk", file=sys.stderr)
        return
    _print_rates(options)


def _print_costs_of_new_pages(rounds: int) -> None:
    """Print the CPU time of pages that are not cached: database, templates and all, in this process."""
    django = WSGIHandler()
    print("\nA page made anew, median CPU time")
    for path in PAGES:
        taken = [_cpu_seconds(django, path) for _ in range(rounds * 5)]
        print(f"  {path:<14}{statistics.median(taken) * 1000:6.1f} ms", flush=True)


def _cpu_seconds(application, path: str) -> float:
    environ = RequestFactory(headers={"host": "localhost"}).get(path).environ
    start = time.process_time()
    response = application(environ, lambda status, headers: None)
    b"".join(response)
    response.close()
    return time.process_time() - start


def _print_rates(options: argparse.Namespace) -> None:
    answer = Path(conf.VAR_DIR) / "answer.json"
    static = Path(settings.STATIC_ROOT) / "same.html"
    headers, body = _answer_to("/")
    answer.write_text(json.dumps({"headers": headers, "body": body}))
    static.write_text(body)  # WhiteNoise learns of its files when it starts
    with ExitStack() as stack:
        granian = stack.enter_context(_served(_granian, SITE))
        bare = stack.enter_context(_served(_granian, BARE, BARE_ANSWER=str(answer)))
        contenders = {
            "bare WSGI application": bare + "/",
            "cached page": granian + "/",
            "static file of the same size": granian + settings.STATIC_URL + "same.html",
            "new page": granian + "/search/?q=開庭",
        }
        with_slow_clients = ["cached page"]
        if is_installed("gunicorn", "gunicorn"):
            gunicorn = stack.enter_context(_served(_gunicorn, SITE))
            contenders["cached page on gunicorn"] = gunicorn + "/"
            contenders["new page on gunicorn"] = gunicorn + "/search/?q=開庭"
            with_slow_clients.append("cached page on gunicorn")
        rates: dict[str, list[float]] = defaultdict(list)
        for _ in range(options.rounds):
            for name, url in contenders.items():
                rates[name].append(_requests_a_second(url, options))
            for name in with_slow_clients:
                with slow_clients(contenders[name], SLOW_CLIENTS):
                    rate = _requests_a_second(contenders[name], options, may_time_out=True)
                rates[f"{name}, {SLOW_CLIENTS} slow clients"].append(rate)
    print_table(
        f"Pages a second, {static.stat().st_size:,} bytes, one process, {options.connections} connections",
        {name: 1000 / max(statistics.median(measured), 0.001) for name, measured in rates.items()},
        work=1000,
        unit="pages",
        against=["bare WSGI application", "static file of the same size"],
    )


def _answer_to(path: str) -> tuple[list[tuple[str, str]], str]:
    """Return the headers and the body with which the site answers when it has cached the page."""
    from cpor_site.wsgi import application

    environ, headers = RequestFactory(headers={"host": "localhost"}).get(path).environ, []
    for _ in ("made", "cached"):
        response = application(dict(environ), lambda _status, given: headers.append(given))
        body = b"".join(response).decode()
        getattr(response, "close", lambda: None)()
    return headers[-1], body


def _granian(application: str, port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning", application),
    ]


def _gunicorn(application: str, port: int) -> list[str]:
    return [
        *(
            sys.executable,
            "-m",
            "gunicorn",
            "--bind",
            f"127.0.0.1:{port}",
            "--workers",
            "1",
            "--threads",
            "4",
        ),
        *("--log-level", "warning", application),
    ]


@contextmanager
def _served(server, application: str, **environment: str):
    """Serve an application and yield its address; the site's own environment is handed on."""
    port = free_port()
    environment = os.environ | {"PYTHONPATH": f"site{os.pathsep}."} | environment
    process = subprocess.Popen(server(application, port), cwd=ROOT, env=environment)
    try:
        _wait_for(port, process)
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(port: int, process: subprocess.Popen) -> None:
    for _ in range(300):
        if process.poll() is not None:
            sys.exit("A web server did not start; its last words are above.")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit("A web server did not answer within 30 seconds.")


def _requests_a_second(url: str, options: argparse.Namespace, *, may_time_out: bool = False) -> float:
    if not options.page_seconds:
        return _request_once(url, may_time_out=may_time_out)
    said = subprocess.run(
        ["wrk", "-t1", f"-c{options.connections}", f"-d{options.page_seconds}s", _quoted(url)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    if "Non-2xx" in said or ("Socket errors" in said and not may_time_out):
        sys.exit(f"{url} did not always answer:\n{said}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])


def _request_once(url: str, *, may_time_out: bool) -> float:
    start = time.perf_counter()
    try:
        urllib.request.urlopen(_quoted(url), timeout=1 if may_time_out else 30).close()
    except TimeoutError:
        if not may_time_out:
            raise
    return 1 / (time.perf_counter() - start)


def _quoted(url: str) -> str:
    return urllib.parse.quote(url, safe=":/?=&")
