"""qstar: search the token tree of a language model under a budget."""
