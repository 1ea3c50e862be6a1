"""Generated code and compatibility of the contracts in proto/: regenerate, compare, and refuse breaking changes."""

import argparse
import filecmp
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy import payload_schemas

ROOT = Path(__file__).resolve().parents[1]
PROTO = ROOT / "proto"
GENERATED = PROTO / "gen" / "noegletal"
BUF = str(Path(sys.executable).with_name("buf"))
GENERATOR = [sys.executable, "-m", "grpc_tools.protoc"]


def generate(target: Path) -> None:
    """Write the Python code of every proto file below `target`, gRPC code for those with a service, and payload schemas."""
    files = sorted(p.relative_to(PROTO).as_posix() for p in (PROTO / "noegletal").rglob("*.proto"))
    services = [name for name in files if name.endswith("_service.proto")]
    base = [*GENERATOR, f"--proto_path={PROTO}"]
    subprocess.run([*base, f"--python_out={target}", f"--pyi_out={target}", *files], check=True, cwd=PROTO)
    subprocess.run([*base, f"--grpc_python_out={target}", *services], check=True, cwd=PROTO)
    for package in ("noegletal", "noegletal/v1"):
        (target / package / "__init__.py").touch()
    payload_schemas.write(target / "noegletal" / "schemas")


def differences(expected: Path, actual: Path) -> list[str]:
    """Names of the generated files that are missing, left over or different."""
    names = {
        p.relative_to(root).as_posix()
        for root in (expected, actual)
        for p in root.rglob("*.*")
        if "__pycache__" not in p.parts
    }
    return sorted(
        n
        for n in names
        if not (
            (expected / n).is_file() and (actual / n).is_file() and filecmp.cmp(expected / n, actual / n, shallow=False)
        )
    )


def breaking_changes(base: str) -> int:
    """Exit code of buf's comparison with the contracts of the git reference `base`; 0 where that has none."""
    known = subprocess.run(
        ["git", "cat-file", "-e", f"{base}:proto/buf.yaml"], cwd=ROOT, capture_output=True, check=False
    )
    if known.returncode != 0:
        print(f"proto: {base} has no contracts yet, nothing can break")
        return 0
    against = f"{ROOT / '.git'}#ref={base},subdir=proto"
    return subprocess.run([BUF, "breaking", str(PROTO), "--against", against], cwd=ROOT, check=False).returncode


def bases() -> list[str]:
    """What the contracts are held against: the last commit, the one before it, and the newest release."""
    tags = subprocess.run(
        ["git", "tag", "--list", "v*", "--sort=-v:refname"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return ["HEAD", "HEAD~1", *tags.stdout.split()[:1]]


def main() -> int:
    """Compare or write the generated code, then compare the contracts with the given git reference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write proto/gen instead of comparing it")
    parser.add_argument(
        "--against", action="append", help="git reference whose contracts must not break; may be repeated"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        fresh = Path(name)
        generate(fresh)
        if options.write:
            shutil.rmtree(GENERATED, ignore_errors=True)
            shutil.copytree(fresh / "noegletal", GENERATED)
            return 0
        stale = differences(fresh / "noegletal", GENERATED)
    if stale:
        print("proto/gen differs from proto/noegletal; run `make proto`: " + ", ".join(stale), file=sys.stderr)
        return 1
    return max(breaking_changes(base) for base in options.against or bases())


if __name__ == "__main__":
    sys.exit(main())
