"""Floor 4: find, plan, rectify, accept, sign off, look back."""
