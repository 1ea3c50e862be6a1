"""Generated code is what the contracts generate, and runs on the runtime that is locked."""

import re
import tempfile
from importlib.metadata import version
from pathlib import Path

from deploy import proto_gate


def test_generated_code_is_up_to_date() -> None:
    with tempfile.TemporaryDirectory() as folder:
        proto_gate.generate(Path(folder))
        assert proto_gate.differences(Path(folder) / "noegletal", proto_gate.GENERATED) == []


def test_a_difference_is_noticed(tmp_path: Path) -> None:
    proto_gate.generate(tmp_path)
    changed = tmp_path / "noegletal" / "v1" / "submission_pb2.py"
    changed.write_text(changed.read_text() + "# edited\n")
    (tmp_path / "noegletal" / "v1" / "extra_pb2.py").touch()

    found = proto_gate.differences(tmp_path / "noegletal", proto_gate.GENERATED)

    assert found == ["v1/extra_pb2.py", "v1/submission_pb2.py"]


def test_the_runtime_is_no_older_than_the_generated_code() -> None:
    header = (proto_gate.GENERATED / "v1" / "submission_pb2.py").read_text()
    generated = re.search(r"Protobuf Python Version: (\d+)\.(\d+)\.(\d+)", header)
    assert generated is not None
    assert tuple(map(int, version("protobuf").split(".")[:3])) >= tuple(map(int, generated.groups()))
