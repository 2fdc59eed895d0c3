"""The web edge: the client's files, texts, public pages, calendar files, help contacts, health and metrics.

It knows no rule and no role: what it shows comes through the callables of `routes.WebDeps`.
"""
