//! Two series of a session, exchange by exchange, and the correlation of two that need not be of one session.

use crate::error::{StatsError, check_length};

/// Exchanges that a correlation needs: two are spent on each trend.
pub const FEWEST: usize = 5;

/// What rounding leaves of a series that is a line is no variance.
const NOTHING: f64 = 1e-12;

/// Patients' and therapists' scores in one flat array each, and where the sessions lie in them.
#[derive(Clone, Debug)]
pub struct Exchanges<'a> {
    pub(super) patient: &'a [f64],
    pub(super) therapist: &'a [f64],
    spans: Vec<(usize, usize)>,
}

impl<'a> Exchanges<'a> {
    /// Takes the session at `starts[i]` with `lengths[i]` exchanges, for each i.
    ///
    /// # Errors
    /// [`StatsError`] when lengths disagree or a session reaches beyond the arrays.
    pub fn new(patient: &'a [f64], therapist: &'a [f64], starts: &[u64], lengths: &[u32]) -> Result<Self, StatsError> {
        check_length("therapist", therapist.len(), patient.len())?;
        check_length("lengths", lengths.len(), starts.len())?;
        let spans = starts.iter().zip(lengths).map(|(&start, &length)| span(start, length, patient.len()));
        Ok(Self { patient, therapist, spans: spans.collect::<Result<_, _>>()? })
    }

    /// How many sessions.
    #[must_use]
    pub const fn sessions(&self) -> usize {
        self.spans.len()
    }

    /// The correlation of the patient of one session with the therapist of another, and their exchanges.
    ///
    /// None where they are too few, or where a side does nothing but follow its trend.
    #[must_use]
    pub fn correlation(&self, patient: usize, therapist: usize) -> Option<(f64, usize)> {
        let ((first, own), (second, other)) = (self.spans[patient], self.spans[therapist]);
        let overlap = own.min(other);
        if overlap < FEWEST {
            return None;
        }
        let (left, right) = (&self.patient[first..first + overlap], &self.therapist[second..second + overlap]);
        detrended(left, right).map(|correlation| (correlation, overlap))
    }
}

fn span(start: u64, length: u32, available: usize) -> Result<(usize, usize), StatsError> {
    let beyond = StatsError::Domain { name: "a session's place" };
    let (Ok(start), Ok(length)) = (usize::try_from(start), usize::try_from(length)) else {
        return Err(beyond);
    };
    if start.checked_add(length).is_some_and(|end| end <= available) { Ok((start, length)) } else { Err(beyond) }
}

/// Sums run side by side in this many lanes, always the same: fast, and the same bits everywhere.
const LANES: usize = 4;

/// Sums over two series, of values less the first one: it keeps the digits that a large mean would take.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    left: [f64; LANES],
    right: [f64; LANES],
    along_left: [f64; LANES],
    along_right: [f64; LANES],
    squares_left: [f64; LANES],
    squares_right: [f64; LANES],
    products: [f64; LANES],
}

impl Sums {
    #[inline]
    fn include(&mut self, lane: usize, x: f64, a: f64, b: f64) {
        self.left[lane] += a;
        self.right[lane] += b;
        self.along_left[lane] += x * a;
        self.along_right[lane] += x * b;
        self.squares_left[lane] += a * a;
        self.squares_right[lane] += b * b;
        self.products[lane] += a * b;
    }
}

fn total(lanes: [f64; LANES]) -> f64 {
    lanes.iter().sum()
}

/// Pearson correlation of two series of equal length, both without their least-squares line.
fn detrended(left: &[f64], right: &[f64]) -> Option<f64> {
    let (&first_left, &first_right) = (left.first()?, right.first()?);
    let count = left.len() as f64;
    let middle = (count - 1.0) / 2.0;
    let mut sums = Sums::default();
    let mut x = -middle;
    let whole = left.len() - left.len() % LANES;
    for (a, b) in left[..whole].chunks_exact(LANES).zip(right[..whole].chunks_exact(LANES)) {
        for lane in 0..LANES {
            sums.include(lane, x + lane as f64, a[lane] - first_left, b[lane] - first_right);
        }
        x += LANES as f64;
    }
    for (lane, (a, b)) in left[whole..].iter().zip(&right[whole..]).enumerate() {
        sums.include(lane, x + lane as f64, a - first_left, b - first_right);
    }
    // The sum of squares of 0 .. n − 1 about their middle.
    let width = count * (count * count - 1.0) / 12.0;
    let about = |product: [f64; LANES], one: [f64; LANES], other: [f64; LANES], slopes: f64| {
        total(product) - total(one) * total(other) / count - slopes / width
    };
    let (up, down) = (total(sums.along_left), total(sums.along_right));
    let spread_left = about(sums.squares_left, sums.left, sums.left, up * up);
    let spread_right = about(sums.squares_right, sums.right, sums.right, down * down);
    let moves = |spread: f64, squares: f64, sum: f64, first: f64| {
        spread > NOTHING * (squares + first * (2.0 * sum + count * first))
    };
    if !moves(spread_left, total(sums.squares_left), total(sums.left), first_left)
        || !moves(spread_right, total(sums.squares_right), total(sums.right), first_right)
    {
        return None;
    }
    let shared = about(sums.products, sums.left, sums.right, up * down);
    Some((shared / (spread_left * spread_right).sqrt()).clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAVE: [f64; 6] = [1.0, 3.0, 2.0, 5.0, 4.0, 7.0];

    #[test]
    fn a_trend_moves_no_correlation() {
        let other = [0.2, 0.9, 0.1, 0.8, 0.4, 0.3];
        let tilted: Vec<f64> =
            other.iter().enumerate().map(|(at, value)| value * 3.0 + 2.0 * at as f64 + 1.0).collect();
        let (plain, moved) = (detrended(&WAVE, &other).unwrap(), detrended(&WAVE, &tilted).unwrap());
        assert!((plain - moved).abs() < 1e-12, "{plain} {moved}");
    }

    #[test]
    fn a_series_is_one_with_itself_and_a_line_with_nothing() {
        assert!((detrended(&WAVE, &WAVE).unwrap() - 1.0).abs() < 1e-12);
        let line: Vec<f64> = (0..6).map(|at| 0.1 + 0.3 * f64::from(at)).collect();
        assert_eq!(detrended(&WAVE, &line), None);
        assert_eq!(detrended(&[5.0; 6], &WAVE), None);
    }

    #[test]
    fn the_longer_series_is_cut() {
        let long = [WAVE.to_vec(), vec![9.0, -3.0]].concat();
        let both = [long, WAVE.to_vec()].concat();
        let exchanges = Exchanges::new(&both, &both, &[0, 8, 8], &[8, 6, 4]).unwrap();
        let (correlation, overlap) = exchanges.correlation(0, 1).unwrap();
        assert_eq!(overlap, 6);
        assert!((correlation - 1.0).abs() < 1e-12);
        assert_eq!(exchanges.correlation(0, 2), None);
    }

    #[test]
    fn a_session_beyond_the_arrays_is_refused() {
        assert!(Exchanges::new(&WAVE, &WAVE, &[3], &[4]).is_err());
        assert!(Exchanges::new(&WAVE, &WAVE, &[u64::MAX], &[4]).is_err());
        assert!(Exchanges::new(&WAVE, &WAVE[1..], &[0], &[4]).is_err());
    }
}
