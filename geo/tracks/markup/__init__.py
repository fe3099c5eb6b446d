"""What the readers of XML share: one walk over the elements, and the rows found on it."""
