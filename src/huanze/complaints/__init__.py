"""Floor 5: public reports. Not furnished yet."""
