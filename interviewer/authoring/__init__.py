"""Questions still to be written: templates, lists brought in from elsewhere, and what drafts lack."""
