"""Tables and series as Markdown, for chat, terminal and downloads. Pure."""

from __future__ import annotations

from interviewer.schema import Series, Table


def table_markdown(table: Table) -> str:
    """Return a table as Markdown."""
    rows = [table.columns, ["---"] * len(table.columns), *table.rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in row) + " |" for row in rows)


def series_table(series: Series) -> Table:
    """Return a series as a table, for places that cannot plot."""
    columns = (series.x_label, *(line.name for line in series.lines))
    rows = tuple((x, *(line.y[i] for line in series.lines)) for i, x in enumerate(series.x))
    return Table(columns=columns, rows=rows)
