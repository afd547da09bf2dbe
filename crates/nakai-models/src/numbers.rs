//! Reckoning with rows of numbers, in loops that compilers turn into vector instructions.

/// e to the power of the number, to some seven digits.
#[inline(always)]
pub(crate) fn exp(number: f32) -> f32 {
    /// Adding so large a number rounds to the nearest whole one.
    const LARGE: f32 = 12_582_912.0;
    let powers = number.clamp(-87.0, 88.0) * std::f32::consts::LOG2_E;
    let rounded = powers + LARGE;
    let whole = rounded.to_bits().wrapping_sub(LARGE.to_bits());
    let rest = (powers - (rounded - LARGE)) * std::f32::consts::LN_2;
    // The series of the exponential function, for a rest of at most a third.
    let series = 1.0
        + rest * (1.0 + rest * (0.5 + rest * (1.0 / 6.0 + rest * (1.0 / 24.0 + rest * (1.0 / 120.0 + rest / 720.0)))));
    series * f32::from_bits(whole.wrapping_add(127) << 23)
}

/// The Gaussian error linear unit (Hendrycks and Gimpel 2016), with the error function after Abramowitz and Stegun, formula 7.1.26.
#[inline(always)]
pub(crate) fn gelu(number: f32) -> f32 {
    let x = number.abs() * std::f32::consts::FRAC_1_SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let polynomial = t * (0.254_829_6 + t * (-0.284_496_72 + t * (1.421_413_8 + t * (-1.453_152_1 + t * 1.061_405_4))));
    let error = 1.0 - polynomial * exp(-x * x);
    0.5 * number * (1.0 + error.copysign(number))
}

/// Sums of what is made of each number, in lanes side by side.
#[inline(always)]
pub(crate) fn sum_of(numbers: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let (chunks, rest) = numbers.as_chunks::<16>();
    let mut lanes = [0.0; 16];
    for chunk in chunks {
        for (lane, number) in lanes.iter_mut().zip(chunk) {
            *lane += of(*number);
        }
    }
    lanes.iter().sum::<f32>() + rest.iter().map(|number| of(*number)).sum::<f32>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponentials_and_units_are_near_the_exact_ones() {
        for step in -800..800 {
            let number = step as f32 / 10.0;
            assert!((exp(number) / number.exp() - 1.0).abs() < 1e-5, "{number}");
        }
        for (number, exact) in [
            (-3.0, -0.004_049_6),
            (-0.5, -0.154_268_8),
            (0.0, 0.0),
            (1.0, 0.841_344_7),
            (9.0, 9.0),
        ] {
            assert!((gelu(number) - exact).abs() < 1e-6, "{number}: {}", gelu(number));
        }
    }
}
