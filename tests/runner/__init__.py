"""`bin/test`: every check one after the other, none hiding another's failure."""
