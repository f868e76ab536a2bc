"""placeholder"""
from __future__ import annotations
def equivalent(a, b, left, right, clock):
    return False
