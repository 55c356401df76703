"""Floor 0, pure: an official document in; clauses, units with roles, duties and deadlines out. Not furnished yet."""
