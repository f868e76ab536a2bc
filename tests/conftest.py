"""Lets every test folder import the helpers that lie here (`worlds`)."""
