"""Learned values of partial solutions: the Q head, its training, and how it is judged."""

from qstar.value.q_head import QHead, QHeadConfig

__all__ = ["QHead", "QHeadConfig"]
