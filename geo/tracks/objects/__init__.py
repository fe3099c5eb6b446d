"""What the readers of JSON share: long arrays in small memory, values one after the other, snapshots."""
