//! Work on all processors.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Does something with each item on all processors. The results are in the order of the items, so
/// that what is made of them does not depend on the processors.
///
/// Each thread has a `desk`, for memory that it uses again.
///
/// ```
/// use ecrane_document::in_parallel;
///
/// let squares = in_parallel([1, 2, 3], || (), |(), number| number * number);
/// assert_eq!(squares, [1, 4, 9]);
/// ```
pub fn in_parallel<T: Send, D, R: Send>(
    items: impl IntoIterator<Item = T>,
    desk: impl Fn() -> D + Sync,
    each: impl Fn(&mut D, T) -> R + Sync,
) -> Vec<R> {
    // Each item is taken once, by the thread that has its index.
    let items: Vec<_> = items.into_iter().map(|item| Mutex::new(Some(item))).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut desk = desk();
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { return done };
            let item = item.lock().unwrap_or_else(PoisonError::into_inner).take();
            done.extend(item.map(|item| (index, each(&mut desk, item))));
        }
    };
    // To ask for the number of processors takes longer than most of what one item needs.
    let most = if items.len() < 2 {
        1
    } else {
        thread::available_parallelism().map_or(1, usize::from).min(items.len())
    };
    let mut done = thread::scope(|scope| {
        // Without another thread, this one does all.
        let spawn = |_| thread::Builder::new().spawn_scoped(scope, work).ok();
        let others: Vec<_> = (1..most).map_while(spawn).collect();
        let mut done = work();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_order() {
        for count in [0, 1, 2, 1_000] {
            let items: Vec<usize> = (0..count).collect();
            let each = |seen: &mut usize, item: usize| {
                *seen += 1;
                assert!(*seen <= count);
                item * 2
            };
            let expected: Vec<usize> = items.iter().map(|item| item * 2).collect();
            assert_eq!(in_parallel(items, || 0, each), expected);
        }
    }
}
