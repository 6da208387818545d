# SPDX-License-Identifier: GPL-2.0-or-later
"""A bare Debian system in namespaces, with a systemd that runs."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator

BOOT_SECONDS = 120
COMMAND_SECONDS = 300

_BOOT = pathlib.Path(__file__).parent / "boot.sh"
_NAMESPACES = ["--mount", "--pid", "--cgroup", "--net", "--uts", "--ipc"]
_ENVIRONMENT = {
    "DEBIAN_FRONTEND": "noninteractive",
    "HOME": "/root",
    "LC_ALL": "C.UTF-8",
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
}

# What a minimal system lacks to run services.
_INCLUDED = "systemd,systemd-sysv,dbus"


class MachineError(Exception):
    """The system couldn't be made or started."""


def _run(command: list[str]) -> None:
    run = subprocess.run(command, capture_output=True, check=False, text=True)
    if run.returncode != 0:
        raise MachineError(f"{command}: {run.stdout}{run.stderr}")


def _base(cache: pathlib.Path) -> pathlib.Path:
    """Returns an archive of the system, made once."""
    archive = cache / "bookworm.tar"
    if not archive.exists():
        cache.mkdir(parents=True, exist_ok=True)
        unfinished = cache / f"unfinished-{os.getpid()}.tar"
        _run(
            [
                "mmdebstrap",
                "--variant=minbase",
                f"--include={_INCLUDED}",
                "bookworm",
                str(unfinished),
            ]
        )
        unfinished.rename(archive)
    return archive


def _cgroup_folder() -> pathlib.Path:
    for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines():
        fields = line.split()
        if fields[fields.index("-") + 1] == "cgroup2":
            return pathlib.Path(fields[4])
    raise MachineError("there is no cgroup2, which systemd needs")


class Machine:
    """Boots on entering, and is deleted on leaving."""

    def __init__(self, cache: pathlib.Path) -> None:
        self._archives = cache / "archives"
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="machine."))
        self.root = self._folder / "root"
        self.root.mkdir()
        self._cgroup = _cgroup_folder() / f"dissectd-test-{os.getpid()}"
        self._launcher: subprocess.Popen[bytes] | None = None
        self.pid = 0
        (self._archives / "partial").mkdir(parents=True, exist_ok=True)
        _run(["tar", "-C", str(self.root), "-xf", str(_base(cache))])
        # systemd makes another one.
        (self.root / "etc/machine-id").write_text("")

    def download(self, packages: list[str]) -> None:
        """Gets Debian's packages, as the machine has no network later."""
        resolver = self.root / "etc/resolv.conf"
        resolver.unlink(missing_ok=True)
        shutil.copy("/etc/resolv.conf", resolver)
        archives = self.root / "var/cache/apt/archives"
        fetch = (
            'mount --bind "$1" "$2" && chroot "$0" apt-get update -qq &&'
            ' exec chroot "$0" apt-get install -y -qq --download-only'
            ' --no-install-recommends "${@:3}"'
        )
        _run(
            [
                *("unshare", "--mount", "bash", "-c", fetch, str(self.root)),
                *(str(self._archives), str(archives)),
                *packages,
            ]
        )

    def boot(self) -> None:
        self._cgroup.mkdir()
        join = 'echo $$ > "$0/cgroup.procs"; exec "$@"'
        self._launcher = subprocess.Popen(
            [
                "bash",
                "-c",
                join,
                str(self._cgroup),
                "unshare",
                *_NAMESPACES,
                "--fork",
                "--kill-child",
                str(_BOOT),
                str(self.root),
                str(self._archives),
            ],
            stdin=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + BOOT_SECONDS
        while time.monotonic() < deadline:
            if self._launcher.poll() is not None:
                raise MachineError("systemd doesn't start; see above")
            if self._find_systemd() and self._is_running():
                return
            time.sleep(0.1)
        raise MachineError("systemd isn't ready in time")

    def _find_systemd(self) -> bool:
        assert self._launcher is not None
        pid = self._launcher.pid
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children")
        for child in children.read_text().split():
            name = pathlib.Path(f"/proc/{child}/comm").read_text().strip()
            if name == "systemd":
                self.pid = int(child)
                return True
        return False

    def _is_running(self) -> bool:
        state = self.try_run("systemctl is-system-running --wait")
        return state.stdout.strip() in ("running", "degraded")

    def command(self, script: str) -> list[str]:
        """Returns the command that runs a script in the machine."""
        inside = ["--target", str(self.pid), "--all"]
        return [
            "nsenter",
            *inside,
            "bash",
            "-e",
            "-o",
            "pipefail",
            "-c",
            script,
        ]

    def try_run(self, script: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(script),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            cwd="/",
            env=_ENVIRONMENT,
            text=True,
            timeout=COMMAND_SECONDS,
        )

    def run(self, script: str) -> str:
        """Runs a script and returns what it prints; it must not fail."""
        run = self.try_run(script)
        if run.returncode != 0:
            raise AssertionError(
                f"{script}: exit status {run.returncode}\n"
                f"{run.stdout}{run.stderr}"
            )
        return run.stdout

    def await_success(self, script: str) -> str:
        """Runs a script until it succeeds."""
        deadline = time.monotonic() + COMMAND_SECONDS
        while time.monotonic() < deadline:
            run = self.try_run(script)
            if run.returncode == 0:
                return run.stdout
            time.sleep(0.1)
        raise AssertionError(f"{script}: {run.stdout}{run.stderr}")

    def property(self, unit: str, name: str) -> str:
        return self.run(f"systemctl show --value -p {name} {unit}").strip()

    def status_of(self, pid: str) -> dict[str, str]:
        """Returns /proc/PID/status of a process of the machine."""
        lines = self.run(f"cat /proc/{pid}/status")
        return dict(re.findall(r"^(\w+):\s+(.*)$", lines, re.MULTILINE))

    def close(self) -> None:
        if self._launcher is not None:
            self._launcher.kill()
            self._launcher.wait()
            self._remove_cgroups()
        shutil.rmtree(self._folder)

    def _remove_cgroups(self) -> None:
        deadline = time.monotonic() + BOOT_SECONDS
        while self._cgroup.exists() and time.monotonic() < deadline:
            for folder in self._cgroups():
                try:
                    folder.rmdir()
                except OSError:
                    # Its processes have not ended yet.
                    time.sleep(0.1)

    def _cgroups(self) -> Iterator[pathlib.Path]:
        """Returns the machine's cgroups, inner ones first."""
        for path, _, _ in os.walk(self._cgroup, topdown=False):
            yield pathlib.Path(path)
