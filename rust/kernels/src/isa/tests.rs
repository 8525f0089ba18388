//! Every operation of every instruction set that this processor has, held against the plain twin, bit for bit.

use proptest::prelude::*;

use super::*;

/// Sixteen float32 of any kind: ordinary, tiny, huge, infinite, not a number.
fn floats() -> impl Strategy<Value = [f32; LANES]> {
    let any = prop_oneof![4 => -100.0_f32..100.0, 1 => prop::num::f32::ANY, 1 => Just(f32::NAN), 1 => Just(-0.0_f32)];
    prop::array::uniform16(any)
}

fn integers() -> impl Strategy<Value = [i32; LANES]> {
    prop::array::uniform16(any::<i32>())
}

fn words() -> impl Strategy<Value = [u32; LANES]> {
    prop::array::uniform16(any::<u32>())
}

/// Bits, but one pattern for all that are no number: which of two such numbers an instruction keeps is its own affair.
fn bits(values: [f32; LANES]) -> [u32; LANES] {
    values.map(|value| if value.is_nan() { f32::NAN.to_bits() } else { value.to_bits() })
}

/// All operations on one set of inputs: what has to be the same everywhere.
struct Everything {
    a: [f32; LANES],
    b: [f32; LANES],
    c: [f32; LANES],
    integers: [[i32; LANES]; 2],
    words: [[u32; LANES]; 2],
}

#[derive(Debug, PartialEq)]
struct Results {
    floats: Vec<[u32; LANES]>,
    integers: Vec<[u32; LANES]>,
    packed: Vec<Vec<u32>>,
    folded: Vec<u32>,
}

impl Job for Everything {
    type Out = Results;

    #[inline(always)]
    fn run<S: Isa>(self, isa: S) -> Results {
        let [a, b, c] = [isa.load(&self.a), isa.load(&self.b), isa.load(&self.c)];
        let integers = self.integers.map(|values| isa.load_int(&values));
        let words = self.words.map(|values| isa.load_words(&values));
        let stored = |value: S::F| {
            let mut target = [0.0; LANES];
            isa.store(value, &mut target);
            bits(target)
        };
        // Integers are seen through their lower halves, and as floats through the upper ones.
        let whole = |value: S::I| {
            let mut low = [0; 8];
            isa.store_int16(value, &mut low);
            let mut result = [0; LANES];
            result[..8].copy_from_slice(&low);
            let mut floats = [0.0_f32; LANES];
            isa.store(isa.to_float(value), &mut floats);
            let upper = |pair: usize| floats[2 * pair].to_bits() ^ floats[2 * pair + 1].to_bits().rotate_left(16);
            (0..8).for_each(|pair| result[8 + pair] = upper(pair));
            result
        };
        let clamped = isa.to_int(isa.min(isa.max(a, isa.splat(0.0)), isa.splat(255.0)));
        let (mut bytes, mut shorts, mut brains) = ([0; 4], [0; 8], [0; 8]);
        isa.store_bytes(clamped, &mut bytes);
        isa.store_int16(isa.to_int(isa.min(isa.max(a, isa.splat(-3e4)), isa.splat(3e4))), &mut shorts);
        isa.store_bfloat16(a, &mut brains);
        let exponents = isa.to_int(isa.min(isa.max(b, isa.splat(-126.0)), isa.splat(127.0)));
        let halves: [u16; LANES] = std::array::from_fn(|lane| self.words[0][lane].to_le_bytes()[0].into());
        Results {
            floats: vec![
                stored(isa.add(a, b)),
                stored(isa.sub(a, b)),
                stored(isa.mul(a, b)),
                stored(isa.fma(a, b, c)),
                stored(isa.max(a, b)),
                stored(isa.min(a, b)),
                stored(isa.to_float(integers[0])),
                stored(isa.splat(self.a[0])),
                stored(isa.load_half(&halves)),
                stored(isa.power_of_two(exponents)),
            ],
            integers: vec![
                whole(isa.to_int(a)),
                whole(isa.sub_int(integers[0], integers[1])),
                whole(isa.mul_int(integers[0], integers[1])),
                whole(isa.splat_int(self.integers[0][0])),
                whole(isa.dot_int8(integers[0], words[0], words[1])),
                whole(isa.dot_int16(integers[0], words[0], words[1])),
            ],
            packed: vec![bytes.to_vec(), shorts.to_vec(), brains.to_vec()],
            folded: vec![
                bits([isa.sum(c); LANES])[0],
                bits([isa.largest(c); LANES])[0],
                bits([isa.smallest(c); LANES])[0],
            ],
        }
    }
}

/// The product of bfloat16, whose rounding is the processor's own.
struct Brains([u32; LANES], [u32; LANES], [f32; LANES]);

impl Job for Brains {
    type Out = [f32; LANES];

    #[inline(always)]
    fn run<S: Isa>(self, isa: S) -> [f32; LANES] {
        let mut target = [0.0; LANES];
        isa.store(isa.dot_bfloat16(isa.load(&self.2), isa.load_words(&self.0), isa.load_words(&self.1)), &mut target);
        target
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 4 } else { 256 }))]

    #[test]
    fn every_operation_gives_the_bits_of_the_plain_twin(
        a in floats(), b in floats(), c in floats(),
        integers in prop::array::uniform2(integers()), words in prop::array::uniform2(words()),
    ) {
        let everything = || Everything { a, b, c, integers, words };
        let expected = Scalar.run(everything());
        for level in Level::supported() {
            prop_assert_eq!(&level.run(everything()), &expected, "{}", level.name());
        }
    }

    #[test]
    fn products_of_bfloat16_are_within_a_rounding_of_the_plain_twin(
        a in prop::array::uniform16(-100.0_f32..100.0), b in prop::array::uniform16(-100.0_f32..100.0),
        sum in prop::array::uniform16(-1e4_f32..1e4),
    ) {
        let pair = |values: [f32; LANES]| values.map(|value| (value.to_bits() & 0xFFFF_0000) | value.to_bits() >> 16);
        // Lower halves are then upper halves of other numbers; only finite ones are of interest here.
        let pair = |values: [f32; LANES]| pair(values).map(|word| (word & 0xFFFF_0000) | word >> 16);
        let expected = Scalar.run(Brains(pair(a), pair(b), sum));
        for level in Level::supported() {
            let found = level.run(Brains(pair(a), pair(b), sum));
            for lane in 0..LANES {
                let size = sum[lane].abs() + 2.0 * (a[lane] * b[lane]).abs();
                prop_assert!((found[lane] - expected[lane]).abs() <= 2.0 * f32::EPSILON * size, "{}", level.name());
            }
        }
    }
}

#[test]
fn known_products() {
    struct Known;
    impl Job for Known {
        type Out = ([u32; 8], [u32; 8]);
        #[inline(always)]
        fn run<S: Isa>(self, isa: S) -> Self::Out {
            let one = isa.splat_int(1);
            // Bytes 255, 1, 2, 3 by -128, 127, -1, 0; int16 -32768, 3 by 1, -2.
            let bytes = isa.dot_int8(one, isa.splat_int(0x0302_01FF), isa.splat_int(0x00FF_7F80));
            let shorts = isa.dot_int16(one, isa.splat_int(0x0003_8000), isa.splat_int(-0x0001_FFFF));
            let mut targets = ([0; 8], [0; 8]);
            isa.store_int16(bytes, &mut targets.0);
            isa.store_int16(shorts, &mut targets.1);
            targets
        }
    }
    let twice = |value: i32| {
        [u32::from(value.to_le_bytes()[0]) | u32::from(value.to_le_bytes()[1]) << 8; 8].map(|low| low | low << 16)
    };
    let expected = (twice(1 - 255 * 128 + 127 - 2), twice(1 - 32768 - 6));
    for level in Level::supported() {
        assert_eq!(level.run(Known), expected, "{}", level.name());
    }
}
