//! Speed of an encoder of the sizes of `MiniLM`, made of random weights, with each kind of numbers this machine multiplies.
//!
//! `cargo run --release -p alliancekit-kernels --example speed [tokens a work item]`
//!
//! One thread, and the time that it had on a processor, so that other programs disturb less. Sequences have the lengths of everyday talk: many of a few tokens, some of a hundred.

#![expect(clippy::unwrap_used, reason = "a script that prints figures")]

use alliancekit_kernels::{Level, Numbers, PackedEncoder, Pooling, Room, Shape};

#[path = "../tests/support/mod.rs"]
mod support;

/// Time that this thread ran, as Linux counts it.
fn seconds_on_cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}

fn main() {
    let budget: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(192);
    let shape = Shape { hidden: 384, heads: 12, intermediate: 1536, epsilon: 1e-12 };
    let (layers, vocabulary) = (6, 1000);
    let mut random = support::Numbers(1);
    let sequences: Vec<Vec<u32>> = (0..600)
        .flat_map(|_| {
            let part = random.below(1000).pow(4) / 1_000_000_000;
            let longest = 4 + part * 160 / 1000;
            random.sequences(1, longest, vocabulary)
        })
        .collect();
    let tokens: usize = sequences.iter().map(Vec::len).sum();
    let per_token = 2 * layers * (4 * shape.hidden * shape.hidden + 2 * shape.hidden * shape.intermediate);
    println!("{} sequences, {tokens} tokens, {budget} tokens a work item", sequences.len());
    for level in Level::supported() {
        for numbers in [Numbers::Int8, Numbers::Int16, Numbers::Bfloat16] {
            if level.name() == "scalar" {
                continue;
            }
            let weights = support::Numbers(2).weights(&shape, layers, vocabulary, 512);
            let encoder = PackedEncoder::new(weights, shape.clone(), numbers, level).unwrap();
            let mut room = Room::default();
            let best = (0..4).map(|_| {
                let start = seconds_on_cpu();
                let (mut item, mut size) = (Vec::new(), 0);
                for sequence in &sequences {
                    item.push(sequence.as_slice());
                    size += sequence.len();
                    if size >= budget {
                        encoder.encode(&item, Pooling::Sum, &[layers], &mut room, |_, _| {});
                        item.clear();
                        size = 0;
                    }
                }
                seconds_on_cpu() - start
            });
            let best = best.fold(f64::INFINITY, f64::min);
            let gops = (per_token * tokens) as f64 / best / 1e9;
            let native = if level.has(numbers) { "native" } else { "emulated" };
            println!(
                "{:12} {numbers:9?} {native:9} {:8.0} turns/s {:9.0} tokens/s {gops:7.1} GFLOPS in products",
                level.name(),
                sequences.len() as f64 / best,
                tokens as f64 / best
            );
        }
    }
}
