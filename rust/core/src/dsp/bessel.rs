//! The Bessel function that Kaiser windows are made of.

/// The modified Bessel function of the first kind of order 0, for `x` up to 22: the power series.
pub(crate) fn bessel_i0(x: f64) -> f64 {
    let quarter = x * x * 0.25;
    let (mut term, mut sum) = (1.0, 1.0);
    for k in 1..40 {
        term *= quarter / f64::from(k * k);
        sum += term;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_those_of_tables() {
        // Abramowitz and Stegun, tables 9.8 and 9.11
        for (x, expected) in [(0.0, 1.0), (1.0, 1.266_065_877_75), (5.0, 27.239_871_823_6), (10.0, 2_815.716_628_47)] {
            assert!((bessel_i0(x) / expected - 1.0).abs() < 1e-11, "{x}: {}", bessel_i0(x));
        }
        // far out it is exp(x)/sqrt(2πx) times 1 + 1/8x + 9/128x² + 225/3072x³ + ...
        let x = 22.0_f64;
        let series = 1.0 + 1.0 / (8.0 * x) + 9.0 / (128.0 * x * x) + 225.0 / (3072.0 * x.powi(3));
        let series = series + 11_025.0 / (98_304.0 * x.powi(4)) + 893_025.0 / (3_932_160.0 * x.powi(5));
        let expected = x.exp() / (std::f64::consts::TAU * x).sqrt() * series;
        assert!((bessel_i0(x) / expected - 1.0).abs() < 1e-7);
    }
}
