"""The networks' weights: one safetensors file each, whose header says what it is and what code it needs.

    exsclaim/figures/weights/<name>.safetensors    fp16 tensors; metadata: name, version, tensors_sha256,
                                                   min_code_version, metrics (JSON), what the network needs

Nothing is ever downloaded, and nothing is replaced by something else: what is missing, damaged or made for a
newer code is a `WeightsError`. Format: https://huggingface.co/docs/safetensors
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safetensors import SafetensorError, safe_open

from exsclaim.errors import WeightsError

if TYPE_CHECKING:  # who asks for digests alone need not wait for torch
    import torch

FOLDER = Path(__file__).parent / "weights"

CODE_VERSION = 2
"""Newest format that this code can run. Raised when a network's layers or its outputs' meaning change."""

FORMER_NAMES = {"bars_and_labels": "furniture"}
"""Names that weights had before: files and headers that carry them are still read."""


@dataclass(frozen=True)
class WeightsMeta:
    """A weights file's header.

    `extra` holds what the network itself wants to know (class names, input size), as text.
    """

    name: str
    version: str
    tensors_sha256: str
    min_code_version: int
    metrics: Mapping[str, float]
    extra: Mapping[str, str]


def save_weights(
    path: Path,
    state_dict: "Mapping[str, torch.Tensor]",
    *,
    name: str,
    version: str,
    metrics: Mapping[str, float],
    min_code_version: int = CODE_VERSION,
    extra: Mapping[str, str] | None = None,
) -> WeightsMeta:
    """Write a network's tensors as fp16 (integers as they are), under a header that `load_weights` checks."""
    from safetensors.torch import save_file

    tensors = {key: _stored(tensor) for key, tensor in state_dict.items()}
    meta = WeightsMeta(name, version, _digest_of(tensors), min_code_version, dict(metrics), dict(extra or {}))
    header = {
        **meta.extra,
        "name": name,
        "version": version,
        "tensors_sha256": meta.tensors_sha256,
        "min_code_version": str(min_code_version),
        "metrics": json.dumps(dict(metrics), sort_keys=True),
    }
    partial = path.with_suffix(".partial")
    save_file(tensors, partial, metadata=header)
    partial.chmod(0o644)  # safetensors makes files for their owner alone; an installed package is for all
    partial.replace(path)
    return meta


def load_weights(name: str, folder: Path = FOLDER) -> "tuple[dict[str, torch.Tensor], WeightsMeta]":
    """A network's tensors (fp32, on the CPU) and its header.

    Raises:
        WeightsError: the file is missing, unreadable, another network's, damaged, or made for a newer code.
    """
    path = _weights_file(name, folder)
    try:
        with safe_open(path, framework="pt") as file:
            meta = _meta_from(path, file.metadata() or {})
            keys = list(file.keys())
            tensors = {key: file.get_tensor(key) for key in keys}
    except (SafetensorError, OSError) as error:
        raise WeightsError(f"{path} cannot be read as weights: {error}; reinstall exsclaim") from error
    if meta.name not in (name, FORMER_NAMES.get(name)):
        raise WeightsError(f"{path} holds the weights of {meta.name!r}, not of {name!r}; reinstall exsclaim")
    if meta.min_code_version > CODE_VERSION:
        raise WeightsError(
            f"{path} needs code version {meta.min_code_version}, this code has version {CODE_VERSION}; "
            f"install a newer exsclaim"
        )
    found = _digest_of(tensors)
    if found != meta.tensors_sha256:
        raise WeightsError(
            f"{path} is damaged: its header promises tensors with sha256 {meta.tensors_sha256}, "
            f"they have {found}; reinstall exsclaim"
        )
    return {key: tensor.float() if tensor.is_floating_point() else tensor for key, tensor in tensors.items()}, meta


def folders(names: Sequence[str], own: str | Path | None = None) -> dict[str, Path]:
    """The folder of each network's weights: one's own where it has them (a training makes one), else the package's.

    Raises:
        WeightsError: a folder of one's own was named and has none of them.
    """
    own = None if own is None else Path(own)
    found = {name: own if own and (own / f"{name}.safetensors").is_file() else FOLDER for name in names}
    if own is not None and own not in found.values():
        raise WeightsError(
            f"{own} holds no weights: expected {' or '.join(f'{name}.safetensors' for name in names)} there"
        )
    return found


def _weights_file(name: str, folder: Path = FOLDER) -> Path:
    """Find the file of a network's weights, under its name or a former one.

    Raises:
        WeightsError: the file is missing.
    """
    path = folder / f"{name}.safetensors"
    former = folder / f"{FORMER_NAMES.get(name, name)}.safetensors"
    if not path.is_file() and not former.is_file():
        raise WeightsError(f"weights {name!r} are not installed: {path} does not exist; reinstall exsclaim")
    return path if path.is_file() else former


def digest(name: str, folder: Path = FOLDER) -> str:
    """sha256 (hex) of a network's weights file, for cache keys: another file, another result.

    Raises:
        WeightsError: the file is missing.
    """
    path = _weights_file(name, folder)
    found = path.stat()
    return _file_digest(path, found.st_mtime_ns, found.st_size)


@cache
def _file_digest(path: Path, mtime_ns: int, size: int) -> str:
    """Digest of a file, read once for as long as it is the same: a training may put another in its place."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _stored(tensor: "torch.Tensor") -> "torch.Tensor":
    tensor = tensor.detach().cpu().contiguous()
    return tensor.half() if tensor.is_floating_point() else tensor


def _digest_of(tensors: "Mapping[str, torch.Tensor]") -> str:
    """sha256 over names, types, shapes and bytes of the tensors, in the order of their names."""
    import torch

    sha = hashlib.sha256()
    for key in sorted(tensors):
        tensor = tensors[key].contiguous()
        sha.update(f"{key} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        sha.update(tensor.reshape(-1).view(torch.uint8).numpy().tobytes())
    return sha.hexdigest()


def _meta_from(path: Path, header: Mapping[str, str]) -> WeightsMeta:
    fields: dict[str, Any] = dict(header)
    try:
        return WeightsMeta(
            name=fields.pop("name"),
            version=fields.pop("version"),
            tensors_sha256=fields.pop("tensors_sha256"),
            min_code_version=int(fields.pop("min_code_version")),
            metrics=json.loads(fields.pop("metrics")),
            extra=fields,
        )
    except KeyError as error:
        raise WeightsError(f"{path} has no {error} in its header: not a weights file of exsclaim") from error
    except ValueError as error:
        raise WeightsError(f"{path} has a header that cannot be read: {error}; reinstall exsclaim") from error
