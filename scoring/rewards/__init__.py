"""A reward model of a project's own votes: a head over features of a frozen network."""
