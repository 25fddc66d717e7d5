"""Who may do what: API keys, their scopes, and the guard on every route."""
