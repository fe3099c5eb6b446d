"""What judging is made of: the chain of positions, what can be flown, and the rules one by one."""
