"""Gap, convergence and contrasts: from turn scores to tables with their uncertainty."""

from alliancekit.stats.compare import compare
from alliancekit.stats.convergence import convergence
from alliancekit.stats.gap import gap
from alliancekit.stats.mixed.result import MixedModel
from alliancekit.stats.mixed_model import mixed_model
from alliancekit.stats.sessions import sessions
from alliancekit.stats.simulate import simulate
from alliancekit.stats.simulation.plan import SimulationPlan
from alliancekit.stats.simulation.truth import simulation_truth
from alliancekit.stats.trajectories import trajectories

__all__ = [
    "MixedModel",
    "SimulationPlan",
    "compare",
    "convergence",
    "gap",
    "mixed_model",
    "sessions",
    "simulate",
    "simulation_truth",
    "trajectories",
]
