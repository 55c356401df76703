"""Floor 1: outbox, digests, channels."""
