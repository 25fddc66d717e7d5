"""Words and rules without I/O: ids, clock, errors, phone numbers, money. Imports nothing of ours."""
