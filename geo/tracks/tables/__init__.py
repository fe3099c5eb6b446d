"""What the readers of tables and lines share: cells, headers, and the ways through Arrow."""
