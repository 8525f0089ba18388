//! Whole encoders: against a plain one in float64, alone and among others, on every instruction set.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up should fail at once")]

use alliancekit_kernels::{Calibration, Level, Norm, Numbers, PackedEncoder, Pooling, Room, Shape, Table, Weights};
use proptest::prelude::*;

mod reference;
mod support;

const VOCABULARY: usize = 30;
const LONGEST: usize = 40;
const LAYERS: usize = 2;
const ALL: [Numbers; 3] = [Numbers::Int8, Numbers::Int16, Numbers::Bfloat16];

fn shape(heads: usize) -> Shape {
    Shape { hidden: 64, heads, intermediate: 80, epsilon: 1e-6 }
}

fn weights(seed: u64, heads: usize) -> Weights {
    support::Numbers(seed).weights(&shape(heads), LAYERS, VOCABULARY, LONGEST)
}

fn packed(seed: u64, heads: usize, numbers: Numbers, level: Level) -> PackedEncoder {
    PackedEncoder::new(weights(seed, heads), shape(heads), numbers, level).unwrap()
}

/// The pooled hidden states after both layers, one layer after the other.
fn run(encoder: &PackedEncoder, sequences: &[Vec<u32>], pooling: Pooling, room: &mut Room) -> Vec<Vec<u32>> {
    let sequences: Vec<&[u32]> = sequences.iter().map(Vec::as_slice).collect();
    let mut rows = vec![Vec::new(); sequences.len()];
    encoder.encode(&sequences, pooling, &[1, 2], room, |_, pooled| {
        let width = pooled.len() / sequences.len();
        for (row, values) in rows.iter_mut().zip(pooled.chunks_exact(width)) {
            row.extend(values.iter().map(|value| value.to_bits()));
        }
    });
    rows
}

fn cosine(a: &[f64], b: &[f64]) -> f64 {
    let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

#[test]
fn it_computes_what_a_plain_encoder_does() {
    let sequences = support::Numbers(7).sequences(if cfg!(miri) { 1 } else { 6 }, LONGEST, VOCABULARY);
    for (heads, pooling) in [(4, Pooling::Sum), (1, Pooling::First)] {
        let expected = reference::encode(&weights(3, heads), &shape(heads), &sequences, pooling);
        for level in Level::supported() {
            for (numbers, least) in ALL.into_iter().zip([0.999, 0.999_998, 0.999_9]) {
                let encoder = packed(3, heads, numbers, level);
                for (row, expected) in run(&encoder, &sequences, pooling, &mut Room::default()).iter().zip(&expected) {
                    let row: Vec<f64> = row.iter().map(|&bits| f64::from(f32::from_bits(bits))).collect();
                    for (row, expected) in row.chunks(64).zip(expected.chunks(64)) {
                        let found = cosine(row, expected);
                        assert!(found >= least, "{} {numbers:?} {heads} heads: {found}", level.name());
                        if pooling == Pooling::Sum {
                            let size = expected.iter().map(|value| value * value).sum::<f64>().sqrt();
                            let own = row.iter().map(|value| value * value).sum::<f64>().sqrt();
                            assert!((own / size - 1.0).abs() < 0.02, "the scale of a sum over tokens is kept");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn float16_tables_are_looked_up_as_they_are_stored() {
    let mut half = weights(5, 2);
    let mut full = weights(5, 2);
    let bits: Vec<u16> =
        (0..VOCABULARY * 64).map(|position| 0x3000 + u16::try_from(position % 4096).unwrap()).collect();
    full.embeddings.tokens = Table::Float32(bits.iter().map(|&bits| alliancekit_kernels::from_float16(bits)).collect());
    half.embeddings.tokens = Table::Float16(bits);
    let sequences = support::Numbers(1).sequences(4, LONGEST, VOCABULARY);
    for level in Level::supported() {
        let of = |weights: &Weights| {
            let encoder = PackedEncoder::new(weights.clone(), shape(2), Numbers::Int16, level).unwrap();
            run(&encoder, &sequences, Pooling::Sum, &mut Room::default())
        };
        assert_eq!(of(&half), of(&full));
    }
}

#[test]
fn weights_of_other_sizes_are_refused_by_name() {
    let mut wrong = weights(1, 4);
    wrong.layers[1].output_norm = Norm { weight: vec![1.0; 63], bias: vec![0.0; 63] };
    let error = PackedEncoder::new(wrong, shape(4), Numbers::Int16, Level::best()).unwrap_err();
    assert!(error.to_string().contains("layer 1, output norm has 63 numbers, the encoder's sizes imply 64"), "{error}");
    for (hidden, heads, intermediate) in [(60, 4, 80), (64, 5, 80), (64, 8, 80), (64, 4, 81), (64, 0, 80)] {
        assert!(Shape { hidden, heads, intermediate, epsilon: 1e-6 }.check().is_err());
    }
}

#[test]
fn a_branch_is_the_encoder_with_other_layers_after_the_shared_ones() {
    let (own, other) = (weights(1, 4), weights(2, 4));
    let whole = Weights { layers: vec![own.layers[0].clone(), other.layers[1].clone()], ..own.clone() };
    let sequences = support::Numbers(5).sequences(3, LONGEST, VOCABULARY);
    for level in Level::supported() {
        for numbers in ALL {
            let of = |weights: &Weights| PackedEncoder::new(weights.clone(), shape(4), numbers, level).unwrap();
            let branch = of(&own).branch(1, vec![other.layers[1].clone()]).unwrap();
            let run = |encoder: &PackedEncoder| run(encoder, &sequences, Pooling::Sum, &mut Room::default());
            assert_eq!(run(&branch), run(&of(&whole)));
            assert_ne!(run(&branch), run(&of(&own)));
        }
    }
    let encoder = packed(1, 4, Numbers::Int16, Level::best());
    assert!(encoder.branch(3, Vec::new()).unwrap_err().to_string().contains("layers shared"));
    let mut wrong = other.layers[1].clone();
    wrong.output_norm.bias.pop();
    let error = encoder.branch(1, vec![wrong]).unwrap_err().to_string();
    assert!(error.contains("layer 1, output norm, bias has 63 numbers"), "{error}");
}

#[test]
fn a_side_channel_named_twice_is_refused() {
    let calibrated = |side_channels: Vec<usize>| {
        let mut weights = weights(1, 4);
        weights.layers[0].calibration =
            Some([(64, 192), (64, 64), (64, 80), (80, 64)].map(|(inputs, outputs)| Calibration {
                weight: vec![1; inputs * outputs],
                scale: vec![0.01; outputs],
                smoothing: vec![1.0; inputs],
                side_channels: side_channels.clone(),
            }));
        PackedEncoder::new(weights, shape(4), Numbers::Int8, Level::best())
    };
    assert!(calibrated(vec![3, 63]).is_ok());
    for channels in [vec![3, 3], vec![5, 3]] {
        let error = calibrated(channels).unwrap_err().to_string();
        assert!(error.contains("side channels not in rising order"), "{error}");
    }
    assert!(calibrated(vec![3, 64]).unwrap_err().to_string().contains("beyond the inputs"));
}

#[test]
fn a_token_or_a_length_without_a_row_is_not_accepted() {
    let encoder = packed(1, 4, Numbers::Int16, Level::best());
    assert!(encoder.accepts(&[0; LONGEST]) && encoder.accepts(&[29]));
    assert!(!encoder.accepts(&[30]) && !encoder.accepts(&[0; LONGEST + 1]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 1 } else { 12 }))]

    #[test]
    fn a_sequence_has_the_same_bits_alone_reversed_and_after_others(seed in any::<u64>(), count in 1_usize..7) {
        let mut sequences = support::Numbers(seed).sequences(count, LONGEST, VOCABULARY);
        for level in Level::supported() {
            for numbers in ALL {
                let encoder = packed(9, 4, numbers, level);
                let mut room = Room::default();
                let mut together = run(&encoder, &sequences, Pooling::Sum, &mut room);
                for (sequence, expected) in sequences.iter().zip(&together) {
                    let alone = run(&encoder, std::slice::from_ref(sequence), Pooling::Sum, &mut room);
                    prop_assert_eq!(&alone[0], expected);
                }
                sequences.reverse();
                together.reverse();
                prop_assert_eq!(run(&encoder, &sequences, Pooling::Sum, &mut Room::default()), together);
            }
        }
    }

    #[test]
    fn whole_numbers_give_the_same_bits_on_every_instruction_set(seed in any::<u64>()) {
        let sequences = support::Numbers(seed).sequences(3, LONGEST, VOCABULARY);
        for numbers in [Numbers::Int8, Numbers::Int16] {
            let of = |level| run(&packed(seed, 2, numbers, level), &sequences, Pooling::Sum, &mut Room::default());
            let expected = of(Level::supported()[0]);
            for level in Level::supported() {
                prop_assert_eq!(of(level), expected.clone(), "{} {:?}", level.name(), numbers);
            }
        }
    }
}
