//! Work on all cores whose result does not depend on how many there are.

/// How many threads training uses.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Does pieces of work on all cores; gives what they made in the order of the pieces.
pub(super) fn in_parallel<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    on_threads(cores(), count, work)
}

fn on_threads<T: Send>(threads: usize, count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let threads = threads.min(count).max(1);
    let mut shares: Vec<_> = std::thread::scope(|scope| {
        let work = &work;
        let others: Vec<_> = (1..threads)
            .map(|thread| scope.spawn(move || (thread..count).step_by(threads).map(work).collect::<Vec<T>>()))
            .collect();
        let own: Vec<T> = (0..count).step_by(threads).map(work).collect();
        let join = |other: std::thread::ScopedJoinHandle<'_, Vec<T>>| {
            other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        std::iter::once(own)
            .chain(others.into_iter().map(join))
            .map(Vec::into_iter)
            .collect()
    });
    (0..count).filter_map(|piece| shares[piece % threads].next()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_does_not_depend_on_the_number_of_threads() {
        for count in [0, 1, 2, 7, 64] {
            let one = on_threads(1, count, |piece| piece * piece);
            assert_eq!(one.len(), count);
            for threads in [0, 2, 3, 8, 100] {
                assert_eq!(
                    on_threads(threads, count, |piece| piece * piece),
                    one,
                    "{threads} threads"
                );
            }
        }
    }
}
