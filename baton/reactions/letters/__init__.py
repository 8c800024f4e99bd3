"""What stands in letters: composed at the moment of sending, from what is true and allowed then."""
