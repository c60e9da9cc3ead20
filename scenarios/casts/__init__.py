"""Whom an address reaches: one, any, many, all; across routers, in IPv4 and IPv6."""
