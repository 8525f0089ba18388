//! Things that serve one caller at a time, as many of them as threads are asked for: no more cores are used than that,
//! however many callers share the pool.

use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Things that wait to be lent.
pub(crate) struct Pool<T> {
    idle: Mutex<Vec<T>>,
    returned: Condvar,
}

impl<T> std::fmt::Debug for Pool<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Pool").field("idle", &self.lock().len()).finish()
    }
}

impl<T> Pool<T> {
    /// A pool of `things`, of which there is one at least.
    pub(crate) fn new(things: Vec<T>) -> Self {
        Self { idle: Mutex::new(things), returned: Condvar::new() }
    }

    /// Lends one, waiting for one to come back if all are lent.
    pub(crate) fn lend(&self) -> Lease<'_, T> {
        let mut idle = self.lock();
        loop {
            if let Some(thing) = idle.pop() {
                return Lease { pool: self, thing: Lent::There(thing) };
            }
            idle = self.returned.wait(idle).unwrap_or_else(PoisonError::into_inner);
        }
    }

    // The vector is whole whenever the lock is free, even after a panic elsewhere.
    fn lock(&self) -> MutexGuard<'_, Vec<T>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A lent thing; it goes back when dropped.
pub(crate) struct Lease<'pool, T> {
    pool: &'pool Pool<T>,
    thing: Lent<T>,
}

enum Lent<T> {
    There(T),
    GoneBack,
}

impl<T> Deref for Lease<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        match &self.thing {
            Lent::There(thing) => thing,
            Lent::GoneBack => unreachable!("a lease gives its thing back only when it is dropped"),
        }
    }
}

impl<T> DerefMut for Lease<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        match &mut self.thing {
            Lent::There(thing) => thing,
            Lent::GoneBack => unreachable!("a lease gives its thing back only when it is dropped"),
        }
    }
}

impl<T> Drop for Lease<'_, T> {
    fn drop(&mut self) {
        if let Lent::There(thing) = std::mem::replace(&mut self.thing, Lent::GoneBack) {
            self.pool.lock().push(thing);
            self.pool.returned.notify_one();
        }
    }
}
