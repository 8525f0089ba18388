//! Products of rounded rows and packed matrices, against sums over whole integers and float64.

use proptest::prelude::*;

use crate::activations::{Activations, Round};
use crate::gemm::{Multiply, Then};
use crate::isa::Level;
use crate::matrix::{Calibration, Linear, Matrix};
use crate::numbers::{Bfloat16, Int8, Int16, Numbers};

const ALL: [Numbers; 3] = [Numbers::Int8, Numbers::Int16, Numbers::Bfloat16];

fn values(count: usize) -> impl Strategy<Value = Vec<f32>> {
    prop::collection::vec(prop_oneof![8 => -2.0_f32..2.0, 1 => -40.0_f32..40.0, 1 => Just(0.0)], count)
}

/// Rows and a matrix, of small and odd sizes too.
fn problem() -> impl Strategy<Value = (Vec<f32>, Linear)> {
    (1_usize..15, 1_usize..6, 1_usize..9).prop_flat_map(|(rows, inputs, outputs)| {
        let (inputs, outputs) = (16 * inputs, 16 * outputs);
        (values(rows * inputs), values(inputs * outputs), values(outputs))
            .prop_map(move |(rows, weight, bias)| (rows, Linear { inputs, outputs, weight, bias }))
    })
}

fn product(rows: &[f32], matrix: &Matrix, numbers: Numbers, level: Level, then: Then) -> Vec<f32> {
    let mut rounded = Activations::default();
    level.run(Round { rows, matrix, numbers, target: &mut rounded });
    let mut target = vec![1.0; rows.len() / matrix.inputs * matrix.outputs];
    let (rows, out) = (&rounded, &mut target);
    match numbers {
        Numbers::Int8 => level.run(Multiply { dot: Int8, rows, matrix, then, target: out }),
        Numbers::Int16 => level.run(Multiply { dot: Int16, rows, matrix, then, target: out }),
        Numbers::Bfloat16 => level.run(Multiply { dot: Bfloat16, rows, matrix, then, target: out }),
    }
    target
}

/// The product in float64, and for each result the largest magnitudes that went into it.
fn exact(rows: &[f32], linear: &Linear) -> Vec<(f64, f64)> {
    let row = |row: &[f32]| {
        let largest = row.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
        (0..linear.outputs)
            .map(|output| {
                let weights = || (0..linear.inputs).map(|input| linear.weight[input * linear.outputs + output]);
                let sum: f64 = row.iter().zip(weights()).map(|(a, w)| f64::from(*a) * f64::from(w)).sum();
                let peak = weights().fold(0.0_f32, |peak, weight| peak.max(weight.abs()));
                (sum + f64::from(linear.bias[output]), f64::from(largest) * f64::from(peak))
            })
            .collect::<Vec<_>>()
    };
    rows.chunks_exact(linear.inputs).flat_map(row).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 1 } else { 48 }))]

    #[test]
    fn whole_numbers_give_the_same_bits_on_every_instruction_set((rows, linear) in problem()) {
        for numbers in [Numbers::Int8, Numbers::Int16] {
            for then in [Then::Store, Then::Gelu, Then::Add] {
                let of = |level| {
                    let matrix = Matrix::pack(&linear, numbers, None, level);
                    product(&rows, &matrix, numbers, level, then).iter().map(|value| value.to_bits()).collect::<Vec<_>>()
                };
                let expected = of(Level::supported()[0]);
                for level in Level::supported() {
                    prop_assert_eq!(&of(level), &expected, "{} {:?} {:?}", level.name(), numbers, then);
                }
            }
        }
    }

    #[test]
    fn a_product_is_as_close_as_its_numbers_are_fine((rows, linear) in problem()) {
        // Rounding errors of both factors, for each of the inputs, as shares of the largest product.
        let error = |numbers| match numbers {
            Numbers::Int8 => 1.0 / 127.0,
            Numbers::Int16 => 1.0 / 2047.0,
            Numbers::Bfloat16 => 1.0 / 128.0,
        };
        for level in Level::supported() {
            for numbers in ALL {
                let matrix = Matrix::pack(&linear, numbers, None, level);
                let found = product(&rows, &matrix, numbers, level, Then::Store);
                for (found, (expected, size)) in found.into_iter().zip(exact(&rows, &linear)) {
                    let bound = error(numbers) * linear.inputs as f64 * size + 1e-5 * (1.0 + expected.abs());
                    prop_assert!((f64::from(found) - expected).abs() <= bound, "{} {:?}", level.name(), numbers);
                }
            }
        }
    }

    #[test]
    fn a_row_has_the_same_bits_alone_and_among_others((rows, linear) in problem()) {
        for level in Level::supported() {
            for numbers in ALL {
                let matrix = Matrix::pack(&linear, numbers, None, level);
                let together = product(&rows, &matrix, numbers, level, Then::Gelu);
                let alone = rows.chunks_exact(linear.inputs).flat_map(|row| product(row, &matrix, numbers, level, Then::Gelu));
                prop_assert!(together.iter().map(|value| value.to_bits()).eq(alone.map(f32::to_bits)));
            }
        }
    }

    #[test]
    fn what_is_no_number_spoils_its_own_row_alone((rows, linear) in problem(), bad in prop_oneof![
        Just(f32::NAN), Just(f32::INFINITY), Just(f32::NEG_INFINITY)]) {
        let mut spoilt = rows.clone();
        spoilt[linear.inputs / 2] = bad;
        for level in Level::supported() {
            for numbers in [Numbers::Int8, Numbers::Int16] {
                let matrix = Matrix::pack(&linear, numbers, None, level);
                let found = product(&spoilt, &matrix, numbers, level, Then::Store);
                let expected = product(&rows, &matrix, numbers, level, Then::Store);
                prop_assert!(found[..linear.outputs].iter().all(|value| value.is_nan()));
                prop_assert_eq!(&found[linear.outputs..], &expected[linear.outputs..]);
            }
        }
    }

    #[test]
    fn smoothing_and_side_channels_change_nothing_but_the_rounding((rows, linear) in problem(), odd in 0_usize..15) {
        let smoothing: Vec<f32> = (0..linear.inputs).map(|input| if input % 3 == 0 { 2.0 } else { 0.5 }).collect();
        let smooth = |(position, weight): (usize, &f32)| weight * smoothing[position / linear.outputs];
        let smoothed = Linear { weight: linear.weight.iter().enumerate().map(smooth).collect(), ..linear.clone() };
        let peak = smoothed.weight.iter().fold(1e-6_f32, |peak, weight| peak.max(weight.abs()));
        let scale = vec![peak / 127.0; linear.outputs];
        #[expect(clippy::cast_possible_truncation, reason = "from -127 to 127")]
        let round = |weight: &f32| (weight / peak * 127.0).round() as i8;
        let weight = smoothed.weight.iter().map(round).collect();
        let known = Calibration { weight, scale, smoothing: smoothing.clone(), side_channels: vec![odd, linear.inputs - 1] };
        for level in Level::supported() {
            let matrix = Matrix::pack(&linear, Numbers::Int8, Some(&known), level);
            let found = product(&rows, &matrix, Numbers::Int8, level, Then::Store);
            for (row, (found, exact)) in
                rows.chunks_exact(linear.inputs).zip(found.chunks(linear.outputs).zip(exact(&rows, &linear).chunks(linear.outputs)))
            {
                let largest = row.iter().zip(&smoothing).fold(0.0_f32, |largest, (a, s)| largest.max((a / s).abs()));
                for (found, (expected, _)) in found.iter().zip(exact) {
                    let bound = linear.inputs as f64 * f64::from(largest * peak) / 100.0 + 1e-4 * (1.0 + expected.abs());
                    prop_assert!((f64::from(*found) - expected).abs() <= bound);
                }
            }
        }
    }
}

#[test]
fn sums_of_the_largest_numbers_do_not_overflow() {
    for (inputs, numbers) in [(1024, Numbers::Int16), (1024, Numbers::Int8)] {
        let linear = Linear { inputs, outputs: 16, weight: vec![1.0; inputs * 16], bias: vec![0.0; 16] };
        for level in Level::supported() {
            let matrix = Matrix::pack(&linear, numbers, None, level);
            for sign in [1.0, -1.0] {
                let found = product(&vec![sign; inputs], &matrix, numbers, level, Then::Store);
                assert!(found.iter().all(|value| (value - sign * inputs as f32).abs() < 1.0), "{}", level.name());
            }
        }
    }
}
