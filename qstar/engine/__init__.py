"""What runs a model for the search: engines give next-token distributions, the scheduler does the rest."""
