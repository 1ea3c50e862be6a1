"""Quix Streams: grouped by period and group, a dense state per key as one blob, one output per submission."""

import pickle
import uuid

from quixstreams import Application, State

from tests.performance.options import options
from tests.performance.peers import dense


def take(value: bytes, state: State) -> bytes:
    """Take one submission in; the output of its period's group."""
    kept = state.get_bytes("group")
    group = pickle.loads(kept) if kept else dense.Group(dense.figures(value))
    group.take([value])
    state.set_bytes("group", pickle.dumps(group, protocol=5))
    return group.output()


def main() -> None:
    """Run until killed."""
    told = options()
    app = Application(
        broker_address=told.bootstrap,
        consumer_group=f"quix-{uuid.uuid4()}",
        auto_offset_reset="earliest",
        state_dir=told.folder / "state",
        loglevel="WARNING",
        consumer_extra_config={"isolation.level": "read_committed", "log_level": 2},
    )
    received = app.topic(told.topic, key_deserializer="bytes", value_deserializer="bytes")
    out = app.topic(told.out, key_serializer="str", value_serializer="bytes")
    frame = app.dataframe(received).group_by(
        dense.cell,
        name="cell",
        value_deserializer="bytes",
        key_deserializer="str",
        value_serializer="bytes",
        key_serializer="str",
    )
    frame.apply(take, stateful=True).to_topic(out)
    app.run()


if __name__ == "__main__":
    main()
