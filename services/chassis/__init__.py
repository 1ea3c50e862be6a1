"""How every service runs: configuration, database, outbox, consumer, gRPC, health, metrics, logs. Knows no figure."""
