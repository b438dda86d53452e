"""Tables and series as text: Markdown for chat and downloads, aligned for the terminal. Pure."""

from __future__ import annotations

from interviewer.schema import Series, Table


def table_markdown(table: Table) -> str:
    """Return a table as Markdown."""
    rows = [table.columns, ["---"] * len(table.columns), *table.rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in row) + " |" for row in rows)


def table_aligned(table: Table) -> str:
    """Return a table in columns for a terminal: numbers to the right, text to the left."""
    rows = [table.columns, *table.rows]
    columns = list(zip(*rows, strict=True))
    widths = [max(len(str(cell)) for cell in column) for column in columns]
    right = [all(isinstance(cell, int | float) for cell in column[1:]) for column in columns]
    return "\n".join(_line(row, widths, right) for row in rows)


def series_table(series: Series) -> Table:
    """Return a series as a table, for places that cannot plot."""
    columns = (series.x_label, *(line.name for line in series.lines))
    rows = tuple((x, *(line.y[i] for line in series.lines)) for i, x in enumerate(series.x))
    return Table(columns=columns, rows=rows)


def _line(row: tuple[str | int | float, ...], widths: list[int], right: list[bool]) -> str:
    cells = [
        str(cell).rjust(width) if is_right else str(cell).ljust(width)
        for cell, width, is_right in zip(row, widths, right, strict=True)
    ]
    return "  ".join(cells).rstrip()
