//! Loops over numbers that compilers turn into vector instructions where they are put into a function that may use them.

use crate::format::EPSILON;

/// Sums, maxima and the like are reckoned in so many parts side by side.
const LANES: usize = 16;

/// Reckons with every number and puts the parts together, always in the same order.
#[inline(always)]
fn fold(numbers: &[f32], step: impl Fn(f32, f32) -> f32, join: impl Fn(f32, f32) -> f32) -> f32 {
    let (chunks, rest) = numbers.as_chunks::<LANES>();
    let mut parts = [0.0_f32; LANES];
    for chunk in chunks {
        for lane in 0..LANES {
            parts[lane] = step(parts[lane], chunk[lane]);
        }
    }
    for (part, number) in parts.iter_mut().zip(rest) {
        *part = step(*part, *number);
    }
    parts.into_iter().fold(0.0, join)
}

#[inline(always)]
pub(crate) fn sum(numbers: &[f32]) -> f32 {
    fold(numbers, |sum, number| sum + number, |a, b| a + b)
}

/// The sum of how far the numbers are from zero.
#[inline(always)]
pub(crate) fn absolute_sum(numbers: &[f32]) -> f32 {
    fold(numbers, |sum, number| sum + number.abs(), |a, b| a + b)
}

/// How far from zero the farthest number is.
#[inline(always)]
pub(crate) fn largest(numbers: &[f32]) -> f32 {
    let larger = |a: f32, b: f32| if b > a { b } else { a };
    fold(numbers, |most, number| larger(most, number.abs()), larger)
}

/// The mean of the numbers, and by what to multiply their distances from it so that their variance is one.
#[inline(always)]
pub(crate) fn spread(numbers: &[f32]) -> (f32, f32) {
    let count = numbers.len() as f32;
    let mean = sum(numbers) / count;
    let squares = fold(
        numbers,
        |sum, number| sum + (number - mean) * (number - mean),
        |a, b| a + b,
    );
    (mean, (squares / count + EPSILON).sqrt().recip())
}

/// The dot product.
#[inline(always)]
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (a_chunks, a_rest) = a.as_chunks::<LANES>();
    let (b_chunks, b_rest) = b.as_chunks::<LANES>();
    let mut parts = [0.0_f32; LANES];
    for (a, b) in a_chunks.iter().zip(b_chunks) {
        for lane in 0..LANES {
            parts[lane] += a[lane] * b[lane];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    parts.iter().sum::<f32>() + rest
}

/// The dot product of whole numbers. Whatever the order of the sums, it is the same.
#[inline(always)]
pub(crate) fn whole_dot(a: &[i16], b: &[i16]) -> i32 {
    let products = a.iter().zip(b).map(|(a, b)| i32::from(*a) * i32::from(*b));
    products.fold(0, i32::wrapping_add)
}

/// Adds the numbers, each times `factor`.
#[inline(always)]
pub(crate) fn add_scaled(sums: &mut [f32], numbers: &[f32], factor: f32) {
    for (sum, number) in sums.iter_mut().zip(numbers) {
        *sum += number * factor;
    }
}

/// Adds numbers of 16 bits, each times `step`.
#[inline(always)]
pub(crate) fn add_packed(sums: &mut [f32], numbers: &[i16], step: f32) {
    for (sum, number) in sums.iter_mut().zip(numbers) {
        *sum += f32::from(*number) * step;
    }
}

/// Adds numbers of 8 bits, each times `factor`.
#[inline(always)]
pub(crate) fn add_bytes(sums: &mut [f32], numbers: &[i8], factor: f32) {
    for (sum, number) in sums.iter_mut().zip(numbers) {
        *sum += f32::from(*number) * factor;
    }
}

/// The nearest whole number, of numbers up to four millions. Adding so large a number leaves no place for a fraction.
#[inline(always)]
pub(crate) fn whole(number: f32) -> i32 {
    const LARGE: f32 = 12_582_912.0;
    ((number + LARGE).to_bits().cast_signed()).wrapping_sub(LARGE.to_bits().cast_signed())
}
