"""Joint trainings of actors and sponsors; the sponsors' basic training is one."""
