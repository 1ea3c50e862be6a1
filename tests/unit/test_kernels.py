"""Kernels come out of the cache as they would be compiled now."""

import subprocess
import sys
from pathlib import Path

KERNEL = """
from services.kernels import kernel, within
from limits import LIMIT

@within
def limited(x):
    return min(x, LIMIT)

@kernel("int64(int64)")
def one(x):
    return limited(x)

print(one(100))
"""


def test_a_kernel_is_compiled_anew_when_a_constant_of_another_file_has_changed(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text(KERNEL)
    (tmp_path / "run.py").write_text("import one")
    said = []
    for limit in (3, 4, 3):
        (tmp_path / "limits.py").write_text(f"LIMIT = {limit}")
        done = subprocess.run(
            [sys.executable, "-B", "run.py"],
            cwd=tmp_path,
            env={"NUMBA_CACHE_DIR": str(tmp_path / "cache"), "PYTHONPATH": str(Path.cwd())},
            capture_output=True,
            text=True,
            check=True,
        )
        said.append(done.stdout.strip())
    assert said == ["3", "4", "3"]
    assert list((tmp_path / "cache").rglob("*.nbc"))
