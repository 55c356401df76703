"""Floor 6: public reports. Not furnished yet."""
