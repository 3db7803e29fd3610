"""The published site behind nginx beside a plain file of the same size, and how long a phone waits for it, in Markdown.

    .venv/bin/python -m benchmarks.site DIRECTORY

DIRECTORY is an issue: `var/published/latest`. nginx is started from deploy/nginx/site.conf with another port and root;
no application and no database runs for it. Asked for: at least 90 % of the requests per second of the plain file in the
same run, and the largest part painted within 2.5 s on 4G (150 ms, 1.6 Mbit/s) with a processor four times slower.
"""

import gzip
import os
import platform
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "deploy" / "nginx" / "site.conf"
SITE, PLAIN = 8137, 8138
ROUNDS, SECONDS, CONNECTIONS = 5, 4, 32
PROFILES = {"4G": (150, 1.6e6), "slow 3G": (400, 0.4e6)}
PAGES = ("", "nghi-quyet/", "nhiem-vu/", "don-vi/", "chi-tieu/", "diem-nghen/")
PAINTED = """() => new Promise((done) => new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime))
  .observe({type: "largest-contentful-paint", buffered: true}))"""


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def configuration(folder: Path, issue: Path) -> str:
    """The example as it is, at another port and root, and beside it a server that knows one plain file."""
    example = EXAMPLE.read_text(encoding="utf-8")
    example = example.replace("listen 80;", f"listen 127.0.0.1:{SITE};")
    example = example.replace("root /srv/thuc-thi/published/latest;", f"root {issue};")
    return f"""
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr error;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {example}
    server {{
        listen 127.0.0.1:{PLAIN};
        root {folder}/plain;
        sendfile on;
        tcp_nopush on;
        gzip_static on;
        open_file_cache max=4000 inactive=30s;
        open_file_cache_valid 1s;
        default_type text/html;
    }}
}}
"""


@contextmanager
def nginx(issue: Path) -> Iterator[int]:
    """The number of the running master process."""
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    with tempfile.TemporaryDirectory(prefix="thucthi-nginx-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        served, plain = folder / "site", folder / "plain"
        shutil.copytree(issue, served, ignore=shutil.ignore_patterns("ky-cong-bo", "data"))
        plain.mkdir()
        home = (served / "index.html").read_bytes()
        (plain / "index.html").write_bytes(home)
        for each in (served / "index.html", plain / "index.html"):
            each.with_name("index.html.gz").write_bytes(gzip.compress(home, mtime=0))
        (folder / "nginx.conf").write_text(configuration(folder, served), encoding="utf-8")
        server = subprocess.Popen([program, "-p", name, "-c", f"{name}/nginx.conf"])  # noqa: S603
        try:
            _wait(server)
            yield server.pid
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait(server: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        if server.poll() is not None:
            sys.exit("nginx did not start: its words stand above.")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PLAIN}/index.html", timeout=5).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    sys.exit("nginx does not answer.")


def processor_seconds(master: int) -> float:
    """What the one worker has used so far; other work on the machine does not count here."""
    (worker,) = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii").split()
    fields = Path(f"/proc/{worker}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measured(master: int, port: int, *, zipped: bool) -> tuple[float, float]:
    """Requests per second, and per second of the worker's processor."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s"]
    command += ["-H", "Accept-Encoding: gzip"] if zipped else []
    before = processor_seconds(master)
    done = subprocess.run(  # noqa: S603
        [*command, f"http://127.0.0.1:{port}/index.html"], check=True, capture_output=True, text=True
    )
    used = processor_seconds(master) - before
    if "Non-2xx" in done.stdout:
        sys.exit(f"Some answers were not 200:\n{done.stdout}")
    count = int(re.search(r"(\d+) requests in", done.stdout)[1])  # type: ignore[index]
    return float(re.search(r"Requests/sec:\s*([\d.]+)", done.stdout)[1]), count / used  # type: ignore[index]


def compare(master: int, *, zipped: bool) -> None:
    """By turns, so that other work on the machine falls on both."""
    found: dict[int, list[tuple[float, float]]] = {SITE: [], PLAIN: []}
    for _ in range(ROUNDS):
        for port in (SITE, PLAIN):
            found[port].append(measured(master, port, zipped=zipped))
    cells = []
    for place in (0, 1):
        site, plain = (statistics.median(each[place] for each in found[port]) for port in (SITE, PLAIN))
        pairs = zip(found[SITE], found[PLAIN], strict=True)
        share = statistics.median(one[place] / other[place] for one, other in pairs)
        cells += [f"{site:,.0f}", f"{plain:,.0f}", f"{share:.0%}"]
    say(f"| {'gzip' if zipped else 'plain'} | {' | '.join(cells)} |")


def painted() -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        say("There is no Chromium here, so nothing is said of how long a phone waits.")
        return
    say("\n| page | " + " | ".join(f"LCP {name}, CPU ÷ 4" for name in PROFILES) + " | KB over the wire | requests |")
    say("|---|" + "---|" * (len(PROFILES) + 2))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for page in PAGES:
            seen = [_painted(browser, page, *profile) for profile in PROFILES.values()]
            times = " | ".join(f"{moment / 1000:.2f} s" for moment, _, _ in seen)
            say(f"| /{page} | {times} | {seen[0][1] / 1000:.0f} | {seen[0][2]} |")
        browser.close()


def _painted(browser: object, page: str, latency: int, bits: float) -> tuple[float, float, int]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, device_scale_factor=2)  # type: ignore[attr-defined]
    tab = context.new_page()
    session = context.new_cdp_session(tab)
    session.send("Network.enable")
    speed = {"latency": latency, "downloadThroughput": bits / 8, "uploadThroughput": bits / 8, "offline": False}
    session.send("Network.emulateNetworkConditions", speed)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    tab.goto(f"http://127.0.0.1:{SITE}/{page}", wait_until="networkidle")
    moment = float(tab.evaluate(PAINTED))
    context.close()
    return moment, sum(sizes), len(sizes)


def main() -> None:
    missing = [name for name in ("nginx", "wrk") if not shutil.which(name) and not Path(f"/usr/sbin/{name}").exists()]
    if missing:
        sys.exit(f"This needs {' and '.join(missing)}: apt-get install nginx-light wrk")
    if len(sys.argv) != 2 or not (Path(sys.argv[1]) / "index.html").is_file():
        sys.exit("Say which issue: python -m benchmarks.site var/published/latest")
    for port in (SITE, PLAIN):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                sys.exit(f"Something else answers at port {port}; nothing would be known of ours.")
    issue = Path(sys.argv[1]).resolve()
    size = (issue / "index.html").stat().st_size
    say(f"Measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.machine()}, {os.cpu_count()} cores,")
    say(f"load average {os.getloadavg()[0]:.1f} at the start. Home page of {size:,} bytes; one worker of nginx,")
    say(f"{CONNECTIONS} connections, {ROUNDS} rounds of {SECONDS} s by turns. No application, no database.\n")
    say("| encoding | site, requests/s | plain file | share | site, requests/processor s | plain file | share |")
    say("|---|---|---|---|---|---|---|")
    with nginx(issue) as master:
        compare(master, zipped=False)
        compare(master, zipped=True)
        painted()
    say(f"\nLoad average {os.getloadavg()[0]:.1f} at the end.")


if __name__ == "__main__":
    main()
