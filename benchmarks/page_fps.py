"""Frames per second and weight of the bench page in Chromium, every value moving.

    python benchmarks/page_fps.py [--seconds 10] [--views mimic,electrical,chart] [--json]

A real server and a real bench: the machine produces, the page shows each view in turn. A frame is an animation frame of
the browser (``requestAnimationFrame``), so the screen of this Chromium is the most it can reach (60 Hz). "Every value
moving" is made by rewriting each frame of the link on its way to the page: all channels change at each one.
Weight is what the browser receives to open the page and each view: pages, scripts, styles, drawings, first message.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import socket
import statistics
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

COUNT = """(seconds) => new Promise((resolve) => {
  const times = [];
  const tick = (now) => {
    times.push(now);
    if (now - times[0] < seconds * 1000) requestAnimationFrame(tick);
    else resolve(times);
  };
  requestAnimationFrame(tick);
})"""


def main() -> int:
    """Serve, drive, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=8.0, help="time spent on each view")
    parser.add_argument("--views", default="mimic,electrical,pneumatic,cabinet,panel,chart")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="etabli-fps-") as folder:
        server, url, cookie, path = serve(Path(folder))
        try:
            result = measure(url, cookie, path, options.views.split(","), options.seconds)
        finally:
            server.should_exit = True
            time.sleep(1.5)
    if options.json:
        print(json.dumps(result))
    else:
        show(result)
    return 0


def serve(folder: Path) -> tuple[Any, str, str, str]:
    """The real application on a free port, with a healthy machine to study (all its values are sent)."""
    os.environ.update(
        ETABLI_DATA=str(folder), DJANGO_SETTINGS_MODULE="etabli.web.settings", DJANGO_ALLOW_ASYNC_UNSAFE="true"
    )
    import django
    import uvicorn

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0, interactive=False)
    from etabli.web.accounts.models import User
    from etabli.web.server import uvicorn_config
    from etabli.web.workshop import hosts, interventions

    user = User.objects.create_user("mesure", "mesure")
    intervention = interventions.study(user, "poste_tri")
    bench = interventions.bench_of(intervention)
    for control, value in (("S4", 1), ("S3", 1), ("S3", 0)):
        hosts.ask_bench(
            "act",
            bench,
            action="operate",
            arguments={"tag": control, "control": "position" if control == "S4" else "pressed", "value": value},
        )
    client = Client()
    client.force_login(user)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    server = uvicorn.Server(uvicorn_config("127.0.0.1", port))
    threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True).start()
    while not server.started:
        time.sleep(0.01)
    return (
        server,
        f"http://127.0.0.1:{port}",
        client.cookies[settings.SESSION_COOKIE_NAME].value,
        f"/interventions/{intervention.pk}/",
    )


def measure(url: str, cookie: str, path: str, views: list[str], seconds: float) -> dict[str, Any]:
    """Open the page in Chromium and count."""
    from playwright.sync_api import sync_playwright

    from etabli.web.settings import SESSION_COOKIE_NAME

    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("no Chromium: install one, or give its path in CHROMIUM")
    weight: dict[str, int] = {}
    first: list[int] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="fr-FR")
        context.add_cookies([{"name": SESSION_COOKIE_NAME, "value": cookie, "url": url}])
        page = context.new_page()
        page.on("requestfinished", lambda request: weigh(request, weight))
        page.route_web_socket("**/lien/**", lambda route: shake(route, first))
        page.goto(url + path)
        page.locator("#link-state[data-state=online]").wait_for()
        page.locator("#run").click()
        page.wait_for_timeout(1500)
        opening = sum(weight.values())
        found: dict[str, Any] = {}
        for view in views:
            page.locator(f"#tab-{view}").click()
            if view == "chart":
                for box in page.locator("#chart-channels input").all()[:8]:
                    box.check()
            page.wait_for_timeout(1200)
            times = page.evaluate(COUNT, seconds)
            gaps = sorted(b - a for a, b in itertools.pairwise(times))
            found[view] = {
                "fps": round(1000 * len(gaps) / (times[-1] - times[0]), 1),
                "median_ms": round(statistics.median(gaps), 1),
                "p99_ms": round(gaps[int(0.99 * (len(gaps) - 1))], 1),
            }
        with suppress(Exception):
            page.close()
        browser.close()
    return {
        "views": found,
        "weight_opening_bytes": opening + sum(first),
        "weight_all_views_bytes": sum(weight.values()) + sum(first),
        "weight_first_message_bytes": sum(first),
        "processors": os.cpu_count(),
        "load": os.getloadavg()[0],
    }


def weigh(request: Any, weight: dict[str, int]) -> None:
    """Bytes received for one answer, as sent (compressed where the server compresses)."""
    with suppress(Exception):
        weight[request.url] = request.sizes()["responseBodySize"]


def shake(route: Any, first: list[int]) -> None:
    """Between the server and the page: every channel of every frame moves."""
    server = route.connect_to_server()
    turn = [0]

    def to_page(message: str | bytes) -> None:
        text = message if isinstance(message, str) else message.decode()
        if text[0] == "H" and not first:
            first.append(len(text.encode()))
        if text[0] != "F":
            route.send(text)
            return
        frame = json.loads(text[1:])
        turn[0] += 1
        frame["v"] = [((turn[0] * 7 + place * 13) % 100) / 100 for place in range(len(frame["v"]))]
        route.send("F" + json.dumps(frame, separators=(",", ":")))

    server.on_message(to_page)


def show(result: dict[str, Any]) -> None:
    """Print for people."""
    print(f"{'view':<12}{'fps':>8}{'median ms':>12}{'p99 ms':>10}")
    for view, line in result["views"].items():
        print(f"{view:<12}{line['fps']:>8}{line['median_ms']:>12}{line['p99_ms']:>10}")
    print(f"weight to open the page: {result['weight_opening_bytes'] / 1000:.0f} kB", end="")
    print(f" (first message of the link: {result['weight_first_message_bytes'] / 1000:.0f} kB)")
    print(f"weight after every view: {result['weight_all_views_bytes'] / 1000:.0f} kB")
    print(f"{result['processors']} processors, load {result['load']:.1f}")


if __name__ == "__main__":
    raise SystemExit(main())
