"""Transcript and grades -> scorecard -> Markdown. Pure; computes no verdicts."""
