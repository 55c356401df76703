"""Floor 9: settings, urls, wsgi, the huanze command, the demo district and the simulation."""
