//! Work on all cores whose result does not depend on how many there are.

/// How many threads training uses.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Does pieces of work on all cores; gives what they made in the order of the pieces.
pub(super) fn in_parallel<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let threads = cores().min(count).max(1);
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
