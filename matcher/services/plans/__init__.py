"""Plans of a round: drafted from a run, checked, let out by two people, undone, made again."""
