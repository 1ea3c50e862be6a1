"""Bytewax: a stateful step per period's group, each activation takes all its submissions of the batch and emits once."""

import bytewax.operators as op
from bytewax.connectors.kafka import KafkaSink, KafkaSinkMessage, KafkaSource
from bytewax.dataflow import Dataflow
from bytewax.operators import StatefulBatchLogic
from bytewax.testing import run_main

from tests.performance.options import AT_ONCE, options
from tests.performance.peers import dense


class Logic(StatefulBatchLogic):
    """State and output of one period's group."""

    def __init__(self, state: dense.Group | None = None) -> None:
        self.state = state

    def on_batch(self, values: list[bytes]) -> tuple[list[bytes], bool]:
        """Take all in, emit once, stay."""
        self.state = self.state or dense.Group(dense.figures(values[0]))
        self.state.take(values)
        return [self.state.output()], False

    def snapshot(self) -> dense.Group | None:
        """For recovery, where it is on."""
        return self.state


def main() -> None:
    """Run until killed."""
    told = options()
    flow = Dataflow("bench")
    config = {"isolation.level": "read_committed", "max.partition.fetch.bytes": "8388608", "log_level": "2"}
    source = KafkaSource([told.bootstrap], [told.topic], batch_size=AT_ONCE, add_config=config)
    records = op.input("in", flow, source)
    keyed = op.map("key", records, lambda message: (dense.cell(message.value), message.value))
    outputs = op.stateful_batch("state", keyed, Logic)
    sent = op.map("send", outputs, lambda pair: KafkaSinkMessage(pair[0].encode(), pair[1]))
    op.output("out", sent, KafkaSink([told.bootstrap], told.out, add_config={"linger.ms": "0", "log_level": "2"}))
    run_main(flow)


if __name__ == "__main__":
    main()
