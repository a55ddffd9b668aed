from .actor_critic import ActorCritic, critic_loss
from .cartpole import VectorCartPole, cartpole_physics
from .dqn import DQN, q_targets
from .environments import Environments, GymBatch, Step
from .evaluation import evaluate, record_episode
from .exact import (
    Model,
    Solution,
    finite_horizon_values,
    greedy_policy,
    policy_iteration,
    policy_values,
    value_iteration,
)
from .experiments import (
    checks_by_seed,
    episode_gradients,
    exact_check,
    learning_curve,
    steps_per_second,
    train_seeds,
)
from .exploration import Boltzmann, Constant, EpsilonGreedy, Linear, greedy_action
from .gridworld import GridWorld
from .networks import DuelingNetwork, make_network, soft_update
from .policy_gradient import PolicyAgent, Reinforce, log_probabilities
from .race import Outcome, make_agent, summarise, train_on_cartpole
from .replay import ReplayBuffer
from .returns import discounted_returns, gae, td_target
from .spaces import check_batch, count_actions, count_inputs, count_states
from .tabular import MonteCarlo, QLearning, Sarsa, TabularAgent
from .training import Training, train

__all__ = [
    "DQN",
    "ActorCritic",
    "Boltzmann",
    "Constant",
    "DuelingNetwork",
    "Environments",
    "EpsilonGreedy",
    "GridWorld",
    "GymBatch",
    "Linear",
    "Model",
    "MonteCarlo",
    "Outcome",
    "PolicyAgent",
    "QLearning",
    "Reinforce",
    "ReplayBuffer",
    "Sarsa",
    "Solution",
    "Step",
    "TabularAgent",
    "Training",
    "VectorCartPole",
    "cartpole_physics",
    "check_batch",
    "checks_by_seed",
    "count_actions",
    "count_inputs",
    "count_states",
    "critic_loss",
    "discounted_returns",
    "episode_gradients",
    "evaluate",
    "exact_check",
    "finite_horizon_values",
    "gae",
    "greedy_action",
    "greedy_policy",
    "learning_curve",
    "log_probabilities",
    "make_agent",
    "make_network",
    "policy_iteration",
    "policy_values",
    "q_targets",
    "record_episode",
    "soft_update",
    "steps_per_second",
    "summarise",
    "td_target",
    "train",
    "train_on_cartpole",
    "train_seeds",
    "value_iteration",
]
