//! The Gaussian error linear unit, `x Φ(x)` (Hendrycks and Gimpel 2016), by a polynomial.

use crate::isa::Isa;

/// Beyond this, Φ is taken for constant: it is within 1.1e-6 of 0 or 1.
const EDGE: f32 = 4.75;

/// `Φ(x) - 1/2 ≈ x P(u)`, `u = 2 (x / EDGE)² - 1`, lowest degree first: fitted to the least largest error of `x Φ(x)`.
const COEFFICIENTS: [f32; 11] = [
    0.148_748_3,
    -0.073_667_55,
    0.053_235_26,
    -0.040_568_23,
    0.030_402_856,
    -0.021_649_562,
    0.013_405_621,
    -0.007_168_81,
    0.005_015_982,
    -0.003_771_040_4,
    0.001_280_260_5,
];

/// GELU, within 4e-6 for |x| up to 4.75 and within 1.1e-6 |x| beyond.
#[inline(always)]
pub(crate) fn gelu<S: Isa>(isa: S, x: S::F) -> S::F {
    let edge = isa.splat(EDGE);
    let inside = isa.max(isa.min(x, edge), isa.splat(-EDGE));
    let u = isa.fma(isa.mul(inside, inside), isa.splat(2.0 / (EDGE * EDGE)), isa.splat(-1.0));
    let [lower @ .., highest] = COEFFICIENTS;
    let slope = lower.iter().rev().fold(isa.splat(highest), |sum, &term| isa.fma(sum, u, isa.splat(term)));
    isa.mul(x, isa.fma(inside, slope, isa.splat(0.5)))
}
