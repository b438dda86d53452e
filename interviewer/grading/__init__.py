"""From an exchange to a grade: readers give verdicts with evidence, code makes the numbers."""
