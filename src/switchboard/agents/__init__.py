"""Agents: our record of a voice agent, and its copy at the platform that speaks for it."""
