"""A verifier for mathematical text: extract an answer, compare two, check the calculations on the way.

    extract_answer("... so the answer is $\\\\frac{3}{4}$.")      # '\\\\frac{3}{4}'
    equivalent("0.75", "\\\\frac{3}{4}")                          # True
    check_steps("48/2 = <<48/2=25>>25").refuted                 # True

Exact, from any thread, and bounded in time and memory on any input: nothing a model wrote is evaluated.
"""

from verifiers.math.equal import EXACT, Policy, equivalent
from verifiers.math.extract import extract_answer
from verifiers.math.fallback import warm_up
from verifiers.math.grade import Grade, accuracy_reward, grade, reward
from verifiers.math.steps import Step, StepChecker, Steps, Verdict, check_steps, complete

__all__ = [
    "EXACT",
    "Grade",
    "Policy",
    "Step",
    "StepChecker",
    "Steps",
    "Verdict",
    "accuracy_reward",
    "check_steps",
    "complete",
    "equivalent",
    "extract_answer",
    "grade",
    "reward",
    "warm_up",
]
