"""Logs and Prometheus figures."""
