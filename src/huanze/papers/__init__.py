"""Floor 0, pure: a structured paper in; GB/T 9704 docx and PDF out. Not furnished yet."""
