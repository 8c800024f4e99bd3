"""What the links of letters lead to: pages for people who need not log in, since they have got the letter."""
