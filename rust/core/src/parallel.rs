//! Jobs over a few threads, results in the order of the jobs.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::ScopedJoinHandle;

use crate::control::Control;
use crate::error::{Error, Result};

/// Runs `job(0)`, …, `job(jobs − 1)` on at most `threads` threads; stops early on an error or when cancelled.
///
/// # Errors
/// The error of the earliest failed job that ran; [`Error::Cancelled`]; [`Error::Internal`] if a job panicked.
pub(crate) fn map<T: Send>(
    threads: usize,
    jobs: usize,
    control: &Control,
    job: impl Fn(usize) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let next = AtomicUsize::new(0);
    let failed = AtomicBool::new(false);
    let work = || {
        let mut finished = Vec::new();
        while !failed.load(Ordering::Relaxed) && !control.is_cancelled() {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= jobs {
                break;
            }
            let result = job(number);
            if result.is_err() {
                failed.store(true, Ordering::Relaxed);
            }
            finished.push((number, result));
        }
        finished
    };
    let mut finished = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.min(jobs)).map(|_| scope.spawn(work)).collect();
        let joined: std::result::Result<Vec<_>, _> = workers.into_iter().map(ScopedJoinHandle::join).collect();
        joined
            .map(|parts| parts.into_iter().flatten().collect::<Vec<_>>())
            .map_err(|_| Error::Internal("a worker thread panicked"))
    })?;
    finished.sort_unstable_by_key(|(number, _)| *number);
    let results = finished.into_iter().map(|(_, result)| result).collect::<Result<Vec<T>>>()?;
    if results.len() < jobs { Err(Error::Cancelled) } else { Ok(results) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_jobs() {
        for threads in 1..=4 {
            let squares = map(threads, 100, &Control::default(), |number| Ok(number * number)).unwrap();
            assert_eq!(squares, (0..100).map(|number| number * number).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_error_is_returned_and_stops_the_rest() {
        let result = map(2, 1000, &Control::default(), |number| {
            if number == 3 { Err(Error::Tokenize { position: number }) } else { Ok(()) }
        });
        assert!(matches!(result, Err(Error::Tokenize { position: 3 })));
    }

    #[test]
    fn a_cancelled_call_says_so() {
        let control = Control::default();
        let result = map(2, 1000, &control, |number| {
            if number == 10 {
                control.cancel();
            }
            Ok(())
        });
        assert!(matches!(result, Err(Error::Cancelled)));
    }

    #[test]
    fn a_panicking_job_is_an_error_and_not_a_panic_of_the_caller() {
        let result: Result<Vec<()>> = map(1, 1, &Control::default(), |_| panic!("a defect"));
        assert!(matches!(result, Err(Error::Internal(_))));
    }
}
