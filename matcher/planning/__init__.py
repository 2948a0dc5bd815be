"""From a scored market to a plan in the words of the round: the only place that joins both."""
