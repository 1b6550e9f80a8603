//! Sorting by floating-point numbers.

/// An integer that orders as `x` does under [`f64::total_cmp`]; its complement orders the other way round. Lists that are
/// sorted by such a key (`sort_by_cached_key`) share one compiled sort, whatever is in them.
pub(crate) fn order(x: f64) -> u64 {
    let bits = x.to_bits();
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_order_as_their_numbers_do() {
        let numbers = [f64::NEG_INFINITY, -1e300, -2.5, -1e-310, -0.0, 0.0, 5e-324, 1.0, 1.5, f64::MAX, f64::INFINITY];
        for (a, b) in numbers.iter().flat_map(|a| numbers.iter().map(move |b| (*a, *b))) {
            assert_eq!(order(a).cmp(&order(b)), a.total_cmp(&b), "{a} {b}");
            assert_eq!((!order(a)).cmp(&!order(b)), b.total_cmp(&a), "{a} {b}");
        }
    }
}
