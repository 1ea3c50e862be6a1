"""Running Nøgletal: a local Kafka, topics, generated code."""
