"""Exact verifiers that stand alone: `verifiers.math` grades answers, `verifiers.code` runs programs."""
