"""Reads benchmark-updated from Kafka: keeps its offset in its group, and uses each event once, known by its ce_id."""

import os
import sqlite3

from kafka import KafkaConsumer
from noegletal.v1.benchmark_pb2 import BenchmarkUpdated

EVENTS = int(os.environ.get("EVENTS", "0"))  # end after so many records; 0: never
kept = sqlite3.connect(os.environ.get("KEPT", "kafka_consumer.db"))
kept.execute("create table if not exists seen (ce_id text primary key, vintage integer)")
consumer = KafkaConsumer(
    "benchmark-updated",
    bootstrap_servers=os.environ["NOEGLETAL_KAFKA"].split(","),
    group_id=os.environ.get("GROUP", "example"),
    auto_offset_reset="earliest",
    enable_auto_commit=False,  # the offset goes on after what came of the record is kept
)
for number, record in enumerate(consumer, 1):
    event, update = dict(record.headers)["ce_id"].decode(), BenchmarkUpdated.FromString(record.value)
    with kept:  # your own figures belong into this transaction
        new = kept.execute("insert or ignore into seen values (?, ?)", (event, update.vintage)).rowcount
    place = f"{update.scheme}/{update.period}/{update.peer_group} vintage {update.vintage}"
    print(f"{'new' if new else 'repeat'} {event} {place}: {update.reported} of {update.expected}", flush=True)
    consumer.commit()
    if number == EVENTS:
        break
consumer.close()
