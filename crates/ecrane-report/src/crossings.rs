//! How many lines between two columns cross.

/// Sorts numbers, and counts the pairs that were not in order.
pub(crate) fn inversions(mut numbers: Vec<f64>) -> (Vec<f64>, usize) {
    if numbers.len() < 2 {
        return (numbers, 0);
    }
    let (right, in_right) = inversions(numbers.split_off(numbers.len() / 2));
    let (left, in_left) = inversions(numbers);
    let mut count = in_left + in_right;
    let mut sorted = Vec::with_capacity(left.len() + right.len());
    let mut rest = left.into_iter().peekable();
    for number in right {
        sorted.extend(std::iter::from_fn(|| rest.next_if(|it| *it <= number)));
        count += rest.len();
        sorted.push(number);
    }
    sorted.extend(rest);
    (sorted, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_pairs_that_are_not_in_order() {
        assert_eq!(inversions(vec![]).1, 0);
        assert_eq!(inversions(vec![1.0, 1.0, 2.0]).1, 0);
        assert_eq!(inversions(vec![3.0, 1.0, 2.0, 1.0]), (vec![1.0, 1.0, 2.0, 3.0], 4));
    }
}
