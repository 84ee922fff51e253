"""What the two programmes plan to reach, what they cost and who pays."""
