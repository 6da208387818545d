# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the containers of a pod without a cluster, as the kubelet would.

A pod has a network, a process tree and a root of its own. The root is
read-only, and has the system's /usr, the programs to run, and the pod's
volumes: those of Secrets and ConfigMaps with the kubelet's links. Containers
run with the user, groups, capabilities and variables of their manifest. The
runtime's seccomp profile and the limits of resources are left out.
"""

from __future__ import annotations

import base64
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
from typing import Any

Object = dict[str, Any]

# Fields of the downward API. Addresses are those of the pod's own network.
FIELDS = {
    "status.hostIP": "127.0.0.1",
    "status.podIP": "127.0.0.1",
    "spec.nodeName": "node-7",
}
_ETC = ("group", "ld.so.cache", "nsswitch.conf", "passwd", "protocols")
# The first process of the pod. Ignoring SIGCHLD, it collects all others.
_FIRST = """
import signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
print("ready", flush=True)
sys.stdin.read()
"""
_MOUNT_SCRIPT = """
set -euo pipefail
root=$1
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs "$root"
cd "$root"
mkdir -p usr proc sys dev opt tmp etc
for name in bin sbin lib lib64; do ln -s "usr/$name" "$name"; done
mount --rbind /usr usr
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
for name in null zero full random urandom; do
  touch "dev/$name"
  mount --bind "/dev/$name" "dev/$name"
done
ln -s /proc/self/fd dev/fd
cp -a "$2"/. etc
shift 2
while [[ $# -gt 0 ]]; do
  if [[ -d $1 ]]; then
    mkdir -p ".$2"
  elif [[ ! -e .$2 ]]; then
    mkdir -p ".${2%/*}"
    touch ".$2"
  fi
  mount --bind "$1" ".$2"
  [[ $3 == rw ]] || mount -o remount,bind,ro ".$2"
  shift 3
done
ip link set lo up
mount -o remount,ro "$root"
exec chroot "$root" {python} -c '{first}'
"""


class Pod:
    """A pod whose containers can be run.

    `data` has the data of Secrets and ConfigMaps by kind and name. `network`
    is a pod in whose network this one runs. `system` has the files and folders
    that are there besides /usr, or replace its own, by their paths.
    """

    def __init__(
        self,
        template: Object,
        data: dict[tuple[str, str], dict[str, bytes]],
        *,
        name: str,
        namespace: str,
        system: dict[str, pathlib.Path],
        network: Pod | None = None,
        hosts: str = "127.0.0.1 localhost\n",
    ) -> None:
        self.spec: Object = template["spec"]
        self._data = data
        self._fields = {
            **FIELDS,
            "metadata.name": name,
            "metadata.namespace": namespace,
        }
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pod-"))
        self.folder.chmod(0o755)
        security = self.spec["securityContext"]
        self._user: int = security["runAsUser"]
        self._group: int = security["runAsGroup"]
        self._fs_group: int = security["fsGroup"]
        self._volumes: dict[str, pathlib.Path] = {
            volume["name"]: self._make_volume(volume)
            for volume in self.spec["volumes"]
        }
        self._system = system
        self._holder = self._start(network, hosts)
        self._first = self._first_process()

    def add_claim(self, name: str) -> None:
        """Makes the volume of a PersistentVolumeClaim's template."""
        self._volumes[name] = self._writable(name)

    def volume(self, name: str) -> pathlib.Path:
        return self._volumes[name]

    def _writable(self, name: str) -> pathlib.Path:
        folder: pathlib.Path = self.folder / "volumes" / name
        folder.mkdir(parents=True)
        os.chown(folder, 0, self._fs_group)
        folder.chmod(0o2777)
        return folder

    def _make_volume(self, volume: Object) -> pathlib.Path:
        name: str = volume["name"]
        if "emptyDir" in volume:
            return self._writable(name)
        if "hostPath" in volume:
            folder = self._writable(name)
            os.chown(folder, self._user, self._group)
            folder.chmod(0o755)
            return folder
        folder = self.folder / "volumes" / name
        folder.mkdir(parents=True)
        self._write_files(folder, volume)
        return folder

    def _write_files(self, folder: pathlib.Path, volume: Object) -> None:
        """Writes the files of Secrets and ConfigMaps, replacing older ones."""
        mode = 0o644
        files: dict[str, bytes] = {}
        if "projected" in volume:
            mode = volume["projected"]["defaultMode"]
            for source in volume["projected"]["sources"]:
                files.update(self._files_of(source))
        else:
            (source,) = (volume[kind] for kind in volume if kind != "name")
            mode = source["defaultMode"]
            files = self._files_of(volume)
        version = pathlib.Path(tempfile.mkdtemp(prefix="..v", dir=folder))
        version.chmod(0o755)
        for name, content in files.items():
            (version / name).write_bytes(content)
            os.chown(version / name, 0, self._fs_group)
            (version / name).chmod(mode)
            if not (folder / name).is_symlink():
                (folder / name).symlink_to(f"..data/{name}")
        (folder / "..data_tmp").symlink_to(version.name)
        (folder / "..data_tmp").rename(folder / "..data")

    def _files_of(self, source: Object) -> dict[str, bytes]:
        if "secret" in source:
            found = source["secret"]
            kind, name = "Secret", found.get("secretName") or found["name"]
        else:
            found = source["configMap"]
            kind, name = "ConfigMap", found["name"]
        data = self._data[kind, name]
        if "items" not in found:
            return data
        return {item["path"]: data[item["key"]] for item in found["items"]}

    def _start(self, network: Pod | None, hosts: str) -> subprocess.Popen[str]:
        etc = self.folder / "etc"
        etc.mkdir(mode=0o755)
        for name in _ETC:
            shutil.copy(f"/etc/{name}", etc)
        (etc / "hosts").write_text(hosts)
        (etc / "resolv.conf").write_text("nameserver 127.0.0.1\n")
        root = self.folder / "root"
        root.mkdir()
        mounts = []
        for container in self.spec["containers"]:
            for mount in container["volumeMounts"]:
                name = mount["name"]
                if name not in self._volumes:
                    self.add_claim(name)
                mode = "ro" if mount.get("readOnly") else "rw"
                mounts += [str(self._volumes[name]), mount["mountPath"], mode]
        for path, source in self._system.items():
            mounts += [str(source), path, "ro"]
        script = _MOUNT_SCRIPT.replace("{first}", _FIRST).replace(
            "{python}", "/usr/bin/python3"
        )
        enter = (
            ["nsenter", f"--target={network.first}", "--net"]
            if network
            else ["unshare", "--net"]
        )
        holder = subprocess.Popen(
            [
                *enter,
                "unshare",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "bash",
                "-c",
                script,
                "pod",
                str(root),
                str(etc),
                *mounts,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert holder.stdout
        if holder.stdout.readline() != "ready\n":
            raise AssertionError("the pod's first process didn't start")
        return holder

    @property
    def first(self) -> int:
        return self._first

    def _first_process(self) -> int:
        """Returns the id of the first process outside of the pod."""
        pid = self._holder.pid
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children")
        (child,) = children.read_text().split()
        return int(child)

    def container(self, name: str) -> Object:
        (found,) = (
            container
            for container in self.spec["containers"]
            if container["name"] == name
        )
        assert isinstance(found, dict)
        return found

    def variables(self, container: Object) -> dict[str, str]:
        """Returns the variables of a container."""
        values = {}
        for variable in container.get("env", []):
            source = variable.get("valueFrom")
            values[variable["name"]] = (
                self._fields[source["fieldRef"]["fieldPath"]]
                if source
                else variable["value"]
            )
        return values

    def arguments(self, container: Object) -> list[str]:
        """Returns the arguments of a container with values of variables."""
        values = self.variables(container)
        return [
            re.sub(r"\$\(([A-Z_]+)\)", lambda name: values[name[1]], argument)
            for argument in container["args"]
        ]

    def command(self, container: Object, *command: str) -> list[str]:
        """Returns what runs a command in a container."""
        security = container["securityContext"]
        kept = security["capabilities"].get("add", [])
        bounding = ["-all", *(f"+{name.lower()}" for name in kept)]
        variables = {
            "PATH": "/opt/bin:/usr/bin",
            "LC_ALL": "C.UTF-8",
            **self.variables(container),
        }
        rights = [
            f"--reuid={self._user}",
            f"--regid={self._group}",
            f"--groups={self._fs_group}",
            f"--bounding-set={','.join(bounding)}",
            "--inh-caps=-all",
        ]
        if not security["allowPrivilegeEscalation"]:
            rights.append("--no-new-privs")
        return [
            "nsenter",
            f"--target={self.first}",
            "--mount",
            "--net",
            "--pid",
            "--root",
            "--wd=/",
            "setpriv",
            *rights,
            "env",
            "--ignore-environment",
            *(f"{name}={value}" for name, value in variables.items()),
            *command,
        ]

    def in_network(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Runs a command of the machine in the pod's network."""
        return subprocess.run(
            ["nsenter", f"--target={self.first}", "--net", *command],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )

    def replace_files(self, volume: Object, objects: list[Object]) -> None:
        """Shows other Secrets in a volume, as the kubelet replaces them."""
        self._data = {**self._data, **data_of(objects)}
        self._write_files(self.volume(volume["name"]), volume)

    def close(self) -> None:
        """Ends all processes, and deletes the volumes."""
        # It ends when its standard input does.
        self._holder.communicate(timeout=30)
        shutil.rmtree(self.folder)


def data_of(objects: list[Object]) -> dict[tuple[str, str], dict[str, bytes]]:
    """Returns the data of Secrets and ConfigMaps by kind and name."""
    found = {}
    for each in objects:
        name = each["metadata"]["name"]
        if each["kind"] == "ConfigMap":
            found["ConfigMap", name] = {
                **{
                    key: text.encode()
                    for key, text in each.get("data", {}).items()
                },
                **{
                    key: base64.b64decode(text)
                    for key, text in each.get("binaryData", {}).items()
                },
            }
        elif each["kind"] == "Secret":
            found["Secret", name] = {
                key: base64.b64decode(text)
                for key, text in each["data"].items()
            }
    return found
