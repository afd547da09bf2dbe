//! What a measurement costs this process: CPU time and memory.

use std::{
    fs,
    time::{Duration, Instant},
};

/// How long a clock tick of `/proc` is; the same on every Linux architecture that Rust runs on (`USER_HZ`).
const TICK: Duration = Duration::from_millis(10);

/// The CPU time that this process has taken so far, user and system, of all its threads, those that ended too. In hundredths of a
/// second; zero where there is no `/proc`.
pub(crate) fn cpu() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // After the program's name in parentheses: the 12th and 13th field are user and system time.
    let after_the_name = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let times = after_the_name.split_whitespace().skip(11).take(2);
    let ticks: u32 = times.filter_map(|field| field.parse::<u32>().ok()).sum();
    TICK * ticks
}

/// The most memory that this process ever held, MiB; zero where there is no `/proc`.
pub(crate) fn peak_mib() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kib = status.lines().find_map(|line| {
        let size = line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?;
        size.parse::<f64>().ok()
    });
    kib.unwrap_or_default() / 1024.0
}

/// Counts the CPU time of something short by doing it again and again.
///
/// The clock ticks a hundred times a second, so what takes less than `ENOUGH` is repeated until it took that long.
pub(crate) fn cpu_of_one(mut pass: impl FnMut()) -> Duration {
    const ENOUGH: Duration = Duration::from_millis(500);
    const NEVER_LONGER: Duration = Duration::from_secs(10);
    let (start, started) = (cpu(), Instant::now());
    let mut passes = 0;
    loop {
        pass();
        passes += 1;
        let spent = cpu().saturating_sub(start);
        if spent >= ENOUGH || started.elapsed() >= NEVER_LONGER {
            return spent / passes;
        }
    }
}

/// What each of `count` things took of a time, µs; 0 of nothing.
pub(crate) fn micros_of_each(all: Duration, count: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a count of queries")]
    let count = count.max(1) as f64;
    all.as_secs_f64() * 1e6 / count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_takes_time_and_memory() {
        let mut passes = 0_u32;
        let one = cpu_of_one(|| {
            passes += 1;
            let squares: u64 = (0..20_000_u64)
                .map(|n| std::hint::black_box(n * n))
                .fold(0, u64::wrapping_add);
            assert_ne!(squares, 1);
        });
        assert!(passes > 1, "what is short is repeated");
        assert!(one < Duration::from_millis(500));
        assert!(peak_mib() > 1.0);
    }
}
