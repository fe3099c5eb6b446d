"""Where signs and texts stand on the map, so that none covers another: as the viewer has it."""
