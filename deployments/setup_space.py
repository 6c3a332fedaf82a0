"""Check before `make setup` that what it installs has room: `setup_space.py FOLDER [--cpu-torch]`.

It is run by any Python from 3.11 on, with its standard library alone.
"""

import os
import platform
import shutil
import sys
import tempfile
from pathlib import Path

GB = 10**9
WITH_CUDA_GB = {"environment": 8.0, "downloads": 3.4}
WITHOUT_CUDA_GB = {"environment": 3.7, "downloads": 0.9}
"""The environment, and pip's downloads in the temporary folder while it installs. Of November 2026, on Linux: the first
environment as measured, the second is that without NVIDIA's libraries and triton; downloads by the sizes of the larger
wheels, with half a gigabyte for the smaller ones."""


def brings_cuda(system: str, machine: str) -> bool:
    """True where the usual build of torch brings NVIDIA's libraries, whether or not there is such a GPU."""
    return (system, machine) == ("Linux", "x86_64")


def shortages(needs_gb: dict[Path, float]) -> list[str]:
    """A sentence for each file system with less free space than the folders on it need together.

    Args:
        needs_gb: gigabytes (10⁹ bytes) that each folder is going to hold; what it holds already counts. A folder that
            is not there yet lies on the file system of the nearest one above it.
    """
    of_device: dict[int, list[Path]] = {}
    for folder in needs_gb:
        of_device.setdefault(_existing(folder).stat().st_dev, []).append(folder)
    found = []
    for folders in of_device.values():
        need_gb = sum(max(needs_gb[folder] - _size_gb(folder), 0.0) for folder in folders)
        have_gb = shutil.disk_usage(_existing(folders[0])).free / GB
        if have_gb < need_gb:
            names = " and ".join(map(str, folders))
            found.append(f"{names}: {need_gb:.1f} GB are needed there, {have_gb:.1f} GB are free.")
    return found


def _existing(folder: Path) -> Path:
    return next(each for each in (folder, *folder.parents) if each.exists())


def _size_gb(folder: Path) -> float:
    return sum((Path(at) / name).lstat().st_size for at, _, names in os.walk(folder) for name in names) / GB


def main(arguments: list[str]) -> int:
    """Print what lacks, with the ways out; the exit code is 1 then, else 0."""
    folder = Path(arguments[0]).resolve()
    cuda = brings_cuda(platform.system(), platform.machine()) and "--cpu-torch" not in arguments
    needs = WITH_CUDA_GB if cuda else WITHOUT_CUDA_GB
    temporary = Path(tempfile.gettempdir()) / "pip-downloads"  # to be: what else lies in that folder does not count
    lacking = shortages({folder: needs["environment"], temporary: needs["downloads"]})
    if not lacking:
        return 0
    ways = ["TMPDIR=/another/folder moves the downloads", "PIP_NO_CACHE_DIR=1 keeps no second copy of them"]
    if cuda:
        ways.append("TORCH_INDEX=(the address that PyTorch's page names for CPU builds) leaves CUDA's libraries out")
    sys.stderr.write("\n".join(["Not enough space to set up EXSCLAIM.", *lacking, "; ".join(ways) + ".", ""]))
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
