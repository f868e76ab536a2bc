"""A verifier for mathematical answers: extract, compare, check steps."""

from verifiers.math.equal import EXACT, Policy, equivalent
from verifiers.math.extract import extract_answer

__all__ = ["EXACT", "Policy", "equivalent", "extract_answer"]
