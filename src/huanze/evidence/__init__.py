"""Floor 1: files, pictures, hashes, capture time and place."""
