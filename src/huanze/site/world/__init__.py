"""An invented district and the people who live a year in it: the demo, and ``huanze simulate``.

Everything here goes through the real services; nothing writes a row behind their back.
"""
