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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::isa::{Job, LANES, Level};

    struct Gelu([f32; LANES]);

    impl Job for Gelu {
        type Out = [f32; LANES];

        #[inline(always)]
        fn run<S: Isa>(self, isa: S) -> [f32; LANES] {
            let mut target = [0.0; LANES];
            isa.store(gelu(isa, isa.load(&self.0)), &mut target);
            target
        }
    }

    /// Φ by its series, to float64 (Marsaglia 2004), for |x| up to 6.
    fn cumulative(x: f64) -> f64 {
        let (mut sum, mut term) = (x, x);
        for odd in (3..400).step_by(2) {
            term *= x * x / f64::from(odd);
            sum += term;
        }
        0.5 + sum * (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt()
    }

    #[test]
    fn it_is_within_its_bound_everywhere() {
        let step = if cfg!(miri) { 1 } else { 64 };
        for level in Level::supported() {
            for start in 0..step {
                let x: [f32; LANES] =
                    std::array::from_fn(|lane| (start * 16 + lane) as f32 * 12.0 / (step * 16) as f32 - 6.0);
                for (x, found) in x.into_iter().zip(level.run(Gelu(x))) {
                    let bound = 4e-6_f64.max(1.2e-6 * f64::from(x).abs());
                    let expected = f64::from(x) * cumulative(f64::from(x));
                    assert!((f64::from(found) - expected).abs() <= bound, "{} at {x}", level.name());
                }
            }
        }
    }

    #[test]
    fn it_takes_the_largest_numbers_and_passes_on_what_is_none() {
        for level in Level::supported() {
            let mut x = [1e30; LANES];
            (x[1], x[2], x[3]) = (-1e4, f32::NAN, 0.0);
            let found = level.run(Gelu(x));
            assert!((found[0] / 1e30 - 1.0).abs() < 2e-6 && found[1].abs() < 0.02 && found[2].is_nan());
            assert_eq!(found[3].to_bits(), 0.0_f32.to_bits());
        }
    }
}
