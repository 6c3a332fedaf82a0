"""`python -m journal`, as a person starts it."""

import signal
import subprocess
import sys
from pathlib import Path

import requests

COMMAND = [sys.executable, "-m", "journal", "--port", "0", "--folder"]
CHECKOUT = Path(__file__).parents[2]


def test_it_says_its_address_and_serves_until_interrupted(tmp_path: Path) -> None:
    (tmp_path / "search.html").write_text("hits")
    with subprocess.Popen(
        [*COMMAND, str(tmp_path)],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
        # a shell starts what runs in its background with SIGINT ignored, and children inherit that
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        try:
            assert process.stdout is not None
            variable, _, url = process.stdout.readline().strip().partition("=")
            assert variable == "EXSCLAIM_MIRROR"
            assert requests.get(f"{url}/www.nature.com/search?q=x", timeout=5).text == "hits"
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=30) == 0
        finally:
            process.kill()


def test_a_folder_without_recorded_pages_is_named(tmp_path: Path) -> None:
    ended = subprocess.run([*COMMAND, str(tmp_path)], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "search.html" in ended.stderr
    assert "Traceback" not in ended.stderr
