//! Student's t distribution, from `statrs`.

use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::error::StatsError;

/// The quantile of Student's t at `probability` with `freedom` degrees of freedom (not necessarily whole).
///
/// # Errors
/// [`StatsError::Domain`] unless 0 < `probability` < 1 and `freedom` > 0.
pub fn quantile(probability: f64, freedom: f64) -> Result<f64, StatsError> {
    if !(probability > 0.0 && probability < 1.0) {
        return Err(StatsError::Domain { name: "probability" });
    }
    Ok(distribution(freedom)?.inverse_cdf(probability))
}

/// Two-sided p of a t value with `freedom` degrees of freedom.
///
/// # Errors
/// [`StatsError::Domain`] unless `freedom` > 0.
pub fn two_sided(t: f64, freedom: f64) -> Result<f64, StatsError> {
    Ok(2.0 * distribution(freedom)?.sf(t.abs()))
}

fn distribution(freedom: f64) -> Result<StudentsT, StatsError> {
    StudentsT::new(0.0, 1.0, freedom).map_err(|_| StatsError::Domain { name: "freedom" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_tables() {
        for (freedom, expected) in [(1.0, 12.706_204_736), (5.0, 2.570_581_836), (11.0, 2.200_985_16)] {
            assert!((quantile(0.975, freedom).unwrap() - expected).abs() < 1e-6);
        }
    }

    #[test]
    fn p_undoes_the_quantile() {
        let t = quantile(0.975, 7.5).unwrap();
        assert!((two_sided(-t, 7.5).unwrap() - 0.05).abs() < 1e-9);
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(quantile(1.0, 5.0).is_err());
        assert!(quantile(0.5, 0.0).is_err());
    }
}
