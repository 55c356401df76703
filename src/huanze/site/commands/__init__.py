"""The sub-commands of `huanze`, one module each, loaded only when called."""
