"""What a learner has done since the kernel started. It lives in memory; nothing is written."""

from dataclasses import dataclass, field


@dataclass
class Session:
    """Solved exercises, the bet of each name, and whether a revealed bet was right."""

    done: set = field(default_factory=set)
    bets: dict = field(default_factory=dict)
    revealed: dict = field(default_factory=dict)

    def forget(self, names):
        """Open these exercises and bets again."""
        for name in names:
            self.done.discard(name)
            self.bets.pop(name, None)
            self.revealed.pop(name, None)
