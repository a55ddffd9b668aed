"""A grid world of our own, small enough for paper, in Gymnasium's interface.

>>> from mlmastery.reinforcement_learning.gridworld import GridWorld
>>> GridWorld(["S..G"]).reset(seed=0)
(0, {})
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gymnasium as gym
import numpy as np

from mlmastery.validation import check_choice, check_number

__all__ = ["GridWorld"]

MOVES = ((0, -1), (1, 0), (0, 1), (-1, 0))  # left, down, right, up, as in FrozenLake
Outcome = tuple[float, int, float, bool]


class GridWorld(gym.Env[Any, Any]):
    """Walk from S to G between walls and traps; a move fails with probability ``slip``.

    Parameters
    ----------
    rows : sequence of str, default=("S..G",)
        The map: ``S`` start, ``G`` goal, ``X`` trap, ``#`` wall, ``.`` free. The goal
        and the traps end the episode.
    slip : float, default=0.0
        Probability that the agent stays where it is, below 1.
    step_reward, goal_reward, trap_reward : float
        Reward of a move to a free cell, to the goal and into a trap.

    Attributes
    ----------
    P : dict
        ``P[state][action]`` lists ``(probability, next state, reward, terminated)``,
        the same form as in Gymnasium's toy texts.

    Raises
    ------
    ValueError
        If the rows differ in length, hold other signs, or lack a start or a goal.

    Examples
    --------
    >>> world = GridWorld(["S..G"], slip=0.2)
    >>> world.P[2][2]
    [(0.8, 3, 1.0, True), (0.2, 2, 0.0, False)]
    """

    metadata = {"render_modes": ["ansi"]}

    def __init__(
        self,
        rows: Sequence[str] = ("S..G",),
        *,
        slip: float = 0.0,
        step_reward: float = 0.0,
        goal_reward: float = 1.0,
        trap_reward: float = -1.0,
        render_mode: str | None = None,
    ):
        self.rows = _check_map(rows)
        self.slip = check_number(slip, "slip", 0, 0.999)
        check_choice(render_mode or "ansi", "render_mode", ("ansi",))
        self.render_mode = render_mode
        self.rewards = {"G": goal_reward, "X": trap_reward}
        self.step_reward = step_reward
        self.shape = len(self.rows), len(self.rows[0])
        self.cells = "".join(self.rows)
        self.observation_space = gym.spaces.Discrete(len(self.cells))
        self.action_space = gym.spaces.Discrete(len(MOVES))
        self.P = {
            state: {action: self._outcomes(state, action) for action in range(4)}
            for state in range(len(self.cells))
        }
        self.state = self.cells.index("S")

    def _outcomes(self, state: int, action: int) -> list[Outcome]:
        """Return where a move leads, with probabilities; an end leads to itself."""
        if self.cells[state] in "GX":
            return [(1.0, state, 0.0, True)]
        target = self._target(state, action)
        end = self.cells[target] in self.rewards
        reward = float(self.rewards.get(self.cells[target], self.step_reward))
        moved = (1 - self.slip, target, reward, end)
        if not self.slip:
            return [moved]
        return [moved, (self.slip, state, float(self.step_reward), False)]

    def _target(self, state: int, action: int) -> int:
        row, column = divmod(state, self.shape[1])
        row, column = row + MOVES[action][0], column + MOVES[action][1]
        inside = 0 <= row < self.shape[0] and 0 <= column < self.shape[1]
        if not inside or self.rows[row][column] == "#":
            return state
        return row * self.shape[1] + column

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Return to the start."""
        super().reset(seed=seed)
        self.state = self.cells.index("S")
        return self.state, {}

    def step(self, action: Any) -> tuple[int, float, bool, bool, dict[str, Any]]:
        """Move, and return state, reward, terminated, truncated and an empty dict.

        Raises
        ------
        ValueError
            If the action is not one of the four.
        """
        if not self.action_space.contains(action):
            raise ValueError(f"action must be 0, 1, 2 or 3, got {action!r}")
        outcomes = self.P[self.state][int(action)]
        chances = [outcome[0] for outcome in outcomes]
        chosen = outcomes[int(self.np_random.choice(len(outcomes), p=chances))]
        _, self.state, reward, terminated = chosen
        return self.state, reward, terminated, False, {}

    def render(self) -> str | None:  # type: ignore[override]
        """Return the map with the agent as ``@``, where text was asked for."""
        if self.render_mode is None:
            return None
        cells = np.array(list(self.cells))
        cells[self.state] = "@"
        return "\n".join("".join(row) for row in cells.reshape(self.shape))


def _check_map(rows: Sequence[str]) -> tuple[str, ...]:
    if isinstance(rows, str):
        raise ValueError(f"rows must be a list of texts, got {rows!r}")
    rows = tuple(rows)
    text = "".join(rows)
    if len({len(row) for row in rows}) != 1 or not text:
        raise ValueError(f"rows must be texts of one length, got {rows!r}")
    if unknown := sorted(set(text) - set("SGX#.")):
        raise ValueError(f"rows must hold the signs S, G, X, # and ., got {unknown}")
    if text.count("S") != 1 or "G" not in text:
        raise ValueError(f"rows must hold one S and at least one G, got {rows!r}")
    return rows
