//! Where in its session a turn is.
//!
//! u is a turn's rank among all turns of the session, scored or not, divided by their number less one; x = u − ½.
//! A lone turn is in the middle.

use std::ops::Range;

const MIDDLE: f64 = 0.5;

/// Positions of a session's turns, and which of them each block holds.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) x: Vec<f64>,
    pub(super) blocks: Vec<Range<usize>>,
    u: Vec<f64>,
}

impl Places {
    /// Places `turns` turns; the memory of the session before is used again.
    pub(super) fn fill(&mut self, turns: usize, blocks: &[(f64, f64)]) {
        self.u.clear();
        if turns == 1 {
            self.u.push(MIDDLE);
        } else {
            let last = turns.saturating_sub(1) as f64;
            self.u.extend((0..turns).map(|rank| rank as f64 / last));
        }
        self.x.clear();
        self.x.extend(self.u.iter().map(|u| u - MIDDLE));
        self.blocks.clear();
        self.blocks.extend(blocks.iter().map(|&bounds| within(&self.u, bounds)));
    }
}

/// The turns of a block: its bound nearer to the middle is outside of it, the other one inside.
///
/// So blocks that mirror each other about the middle hold turns that do. A block over the middle is open.
fn within(u: &[f64], (low, high): (f64, f64)) -> Range<usize> {
    let start = if low < MIDDLE && MIDDLE < high || low > MIDDLE {
        u.partition_point(|&place| place <= low)
    } else {
        u.partition_point(|&place| place < low)
    };
    let end =
        if low > MIDDLE { u.partition_point(|&place| place <= high) } else { u.partition_point(|&place| place < high) };
    start..end.max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(turns: usize, blocks: &[(f64, f64)]) -> Vec<Range<usize>> {
        let mut places = Places::default();
        places.fill(turns, blocks);
        places.blocks
    }

    #[test]
    fn bounds_nearer_to_the_middle_are_outside() {
        let blocks = [(0.0, 0.2), (0.3, 0.7), (0.8, 1.0)];
        assert_eq!(ranges(11, &blocks), [0..2, 4..7, 9..11]);
    }

    #[test]
    fn mirrored_blocks_hold_mirrored_turns() {
        for turns in 2..200 {
            let [early, late] = [(0.25, 0.45), (0.55, 0.75)].map(|block| ranges(turns, &[block])[0].clone());
            assert_eq!(early, turns - late.end..turns - late.start, "{turns}");
        }
    }

    #[test]
    fn a_lone_turn_is_in_the_middle() {
        let mut places = Places::default();
        places.fill(1, &[(0.3, 0.7), (0.0, 0.2)]);
        assert_eq!((places.x.as_slice(), &places.blocks[0], &places.blocks[1]), ([0.0].as_slice(), &(0..1), &(0..0)));
    }
}
