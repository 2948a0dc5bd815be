"""The questionnaire in steps: what each asks, what is filled in, what has to be changed."""
