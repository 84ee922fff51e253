"""Matches sponsors with newcomer households: referrals, recruits, sponsors, sponsorships."""
