"""A real browser on this machine: found, installed where that is allowed, or the reason and the command printed."""

import os
import shutil
import subprocess

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "google-chrome-beta",
    "chrome",
)
INSTALL = "sudo apt install chromium"


def find() -> str:
    """The path of a Chromium or Chrome; an empty string where there is none."""
    named = os.environ.get("CHROMIUM", "")
    return named or next((path for name in NAMES if (path := shutil.which(name))), "")


def find_or_install() -> str:
    """As `find`; as root on Debian or Ubuntu it is installed first. An empty string where that did not help."""
    if path := find():
        return path
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("test: installing chromium with apt-get …", flush=True)
        for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
            subprocess.run(
                ["apt-get", *words], check=False, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            )
    return find()
