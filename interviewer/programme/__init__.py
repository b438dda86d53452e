"""Formats and read models over session: drills by topic, stories and their versions. Stores nothing."""
