"""Floor 5: find, plan, rectify, accept, sign off, look back."""
