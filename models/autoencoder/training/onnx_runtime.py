"""ONNX Runtime as this project uses it: onnxruntime-node, through run-onnx.mjs. Debian has no Python package of it."""
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np


def run_onnx(file: Path, pictures: np.ndarray) -> np.ndarray | None:
    """First output [pictures, numbers] for float32 [pictures, 3, side, side].

    None where node or onnxruntime-node is not installed. Raises RuntimeError where the file cannot be run.
    """
    node = shutil.which("node")
    if node is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        values = Path(folder) / "pictures.f32"
        values.write_bytes(np.ascontiguousarray(pictures, "<f4").tobytes())
        sides = ",".join(str(n) for n in pictures.shape)
        script = Path(__file__).with_name("run-onnx.mjs")
        done = subprocess.run([node, str(script), str(file), str(values), sides], capture_output=True, check=False)
    if b"ERR_MODULE_NOT_FOUND" in done.stderr:
        return None
    if done.returncode != 0:
        raise RuntimeError(f"ONNX Runtime cannot run {file}: {done.stderr.decode().strip()[-500:]}")
    return np.frombuffer(done.stdout, "<f4").reshape(len(pictures), -1)
