"""Platforms and carriers behind two small ports. A new provider is one folder and one registry line."""
