"""Random numbers of a corpus: counter-based streams and standardised draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from alliancekit.stats.simulation.plan import Distribution, SimulationPlan


def stream(seed: int, index: int) -> np.random.Generator:
    """Stream `index` of `seed`: what one stream gives does not depend on whether or when another is drawn."""
    return np.random.Generator(np.random.Philox(key=np.array([seed, index], dtype=np.uint64)))


def standardised(
    generator: np.random.Generator, shape: tuple[int, ...], skew: float, distribution: Distribution
) -> NDArray[np.float32]:
    """Draws of mean 0, SD 1 and skewness `skew`: float32 of `shape`.

    A gamma of shape k has skewness 2/√k; a lognormal with w = exp(σ²) has (w + 2)·√(w - 1).
    """
    if skew == 0:
        return generator.standard_normal(shape, dtype=np.float32)
    if distribution == "gamma":
        k = 4 / skew**2
        return (generator.standard_gamma(k, shape, dtype=np.float32) - np.float32(k)) / np.float32(k**0.5)
    w = _lognormal_w(skew)
    spread = np.float32(np.log(w) ** 0.5)
    drawn = np.exp(spread * generator.standard_normal(shape, dtype=np.float32))
    return np.asarray((drawn - np.float32(w**0.5)) / np.float32((w * (w - 1)) ** 0.5))


def correlated(generator: np.random.Generator, plan: SimulationPlan, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Standardised draws for each scale, correlated by `plan.scale_correlation`: float32 [*shape, scales]."""
    own = standardised(generator, (*shape, len(plan.scales)), plan.skew, plan.distribution)
    rho = plan.scale_correlation
    if rho == 0:
        return own
    common = standardised(generator, (*shape, 1), plan.skew, plan.distribution)
    own *= np.float32((1 - rho) ** 0.5)
    own += np.float32(rho**0.5) * common
    return own


def _lognormal_w(skew: float) -> float:
    """Solve (w + 2)·√(w - 1) = skew for w > 1, by the cubic w³ + 3w² - 4 = skew²."""
    a, b = 1 + skew**2 / 2, skew * (1 + skew**2 / 4) ** 0.5
    return float(np.cbrt(a + b) + np.cbrt(a - b) - 1)
