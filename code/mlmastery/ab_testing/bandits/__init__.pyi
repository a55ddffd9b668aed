from .epsilon_greedy import EpsilonGreedy
from .linucb import LinUCB, WithoutContext
from .policy import BanditPolicy, random_argmax
from .regret import bernoulli_divergence, lai_robbins_slope
from .simulation import simulate, simulate_contextual
from .thompson import ThompsonSampling
from .ucb1 import UCB1

__all__ = [
    "UCB1",
    "BanditPolicy",
    "EpsilonGreedy",
    "LinUCB",
    "ThompsonSampling",
    "WithoutContext",
    "bernoulli_divergence",
    "lai_robbins_slope",
    "random_argmax",
    "simulate",
    "simulate_contextual",
]
