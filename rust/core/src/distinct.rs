//! Equal things once: rows that share a text, texts that share their tokens.

use std::collections::HashMap;
use std::hash::Hash;

/// Rows grouped by key: each distinct key once, in the order of first appearance.
#[derive(Debug)]
pub struct Distinct<K> {
    /// The distinct keys.
    pub keys: Vec<K>,
    /// For each row the position of its key in `keys`; `None` for a row without one.
    pub position: Vec<Option<usize>>,
}

impl<K: Eq + Hash + Copy> Distinct<K> {
    /// Groups `rows`. With `merge` false every row keeps a key of its own, to measure what grouping gains.
    pub fn new(rows: impl Iterator<Item = Option<K>>, merge: bool) -> Self {
        let mut seen: HashMap<K, usize> = HashMap::new();
        let mut keys = Vec::new();
        let position = rows
            .map(|row| {
                row.map(|key| {
                    let fresh = keys.len();
                    let found = if merge { *seen.entry(key).or_insert(fresh) } else { fresh };
                    if found == fresh {
                        keys.push(key);
                    }
                    found
                })
            })
            .collect();
        Self { keys, position }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_rows_share_the_first_position_and_missing_rows_have_none() {
        let rows = [Some("yes"), None, Some("no"), Some("yes")];
        let distinct = Distinct::new(rows.into_iter(), true);
        assert_eq!(distinct.keys, ["yes", "no"]);
        assert_eq!(distinct.position, [Some(0), None, Some(1), Some(0)]);
    }

    #[test]
    fn without_merging_every_row_keeps_its_own() {
        let rows = [Some("yes"), None, Some("yes")];
        let distinct = Distinct::new(rows.into_iter(), false);
        assert_eq!(distinct.keys, ["yes", "yes"]);
        assert_eq!(distinct.position, [Some(0), None, Some(1)]);
    }
}
