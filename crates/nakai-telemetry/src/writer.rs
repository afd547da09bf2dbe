//! A log writer that never makes a turn wait for a slow pipe.

use std::{
    io::{self, Write},
    mem,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

use tracing_subscriber::fmt::MakeWriter;

/// What may wait to be written; lines beyond it are dropped and counted.
const CAPACITY: usize = 8 << 20;

/// How long lines are gathered before they are written: a busy server then wakes its log thread some hundred times a second, not
/// with every turn.
const GATHER: Duration = Duration::from_millis(5);

/// Gathers lines in memory; a thread of its own writes them out in large pieces.
#[derive(Clone)]
pub(crate) struct BufferedLog(Arc<Shared>);

struct Shared {
    pending: Mutex<Pending>,
    wake: Condvar,
}

#[derive(Default)]
struct Pending {
    bytes: Vec<u8>,
    dropped: u64,
    writer_sleeps: bool,
    closed: bool,
}

/// Writes out what waits and ends the writer's thread when dropped.
#[must_use = "log lines that wait are lost if this is dropped early"]
pub struct LogGuard {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl BufferedLog {
    pub(crate) fn start(mut out: impl Write + Send + 'static) -> (Self, LogGuard) {
        let shared = Arc::new(Shared {
            pending: Mutex::default(),
            wake: Condvar::new(),
        });
        let for_thread = Arc::clone(&shared);
        let thread = thread::spawn(move || write_until_closed(&for_thread, &mut out));
        (
            Self(Arc::clone(&shared)),
            LogGuard {
                shared,
                thread: Some(thread),
            },
        )
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn write_until_closed(shared: &Shared, out: &mut impl Write) {
    let mut batch = Vec::new();
    loop {
        let dropped;
        {
            let mut pending = shared.lock();
            while pending.bytes.is_empty() && !pending.closed {
                pending.writer_sleeps = true;
                pending = shared.wake.wait(pending).unwrap_or_else(PoisonError::into_inner);
            }
            pending.writer_sleeps = false;
            if pending.bytes.is_empty() {
                return;
            }
            // Ends early only when the log is closed: `wake` tells nothing else while the writer does not sleep.
            let closed = |pending: &mut Pending| !pending.closed;
            let gathered = shared.wake.wait_timeout_while(pending, GATHER, closed);
            let mut pending = gathered.unwrap_or_else(PoisonError::into_inner).0;
            mem::swap(&mut batch, &mut pending.bytes);
            dropped = mem::take(&mut pending.dropped);
        }
        // A closed pipe must not end the service; there is nobody left to tell.
        let _ = out.write_all(&batch).and_then(|()| out.flush());
        batch.clear();
        if dropped > 0 {
            metrics::counter!("nakai_log_lines_dropped_total").increment(dropped);
        }
    }
}

impl Write for BufferedLog {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut pending = self.0.lock();
        if pending.bytes.len() + line.len() > CAPACITY {
            pending.dropped += 1;
        } else {
            pending.bytes.extend_from_slice(line);
            if pending.writer_sleeps {
                pending.writer_sleeps = false;
                self.0.wake.notify_one();
            }
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for BufferedLog {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Drop for LogGuard {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.wake.notify_one();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Default)]
    struct Memory(Arc<Mutex<Vec<u8>>>);

    impl Write for Memory {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn every_line_is_out_when_the_guard_is_gone() {
        let memory = Memory::default();
        let (mut log, guard) = BufferedLog::start(memory.clone());
        for number in 0..1000 {
            writeln!(log, "line {number}").unwrap();
        }
        drop(guard);
        let text = String::from_utf8(memory.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.lines().count(), 1000);
        assert_eq!(text.lines().last(), Some("line 999"));
    }

    #[test]
    fn what_exceeds_the_buffer_is_dropped_and_nothing_waits() {
        struct Stuck(std::sync::mpsc::Receiver<()>);
        impl Write for Stuck {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                let _ = self.0.recv();
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let (release, gate) = std::sync::mpsc::channel();
        let (mut log, guard) = BufferedLog::start(Stuck(gate));
        let line = vec![b'x'; 1 << 20];
        for _ in 0..40 {
            log.write_all(&line).unwrap();
        }
        assert!(log.0.lock().bytes.len() <= CAPACITY && log.0.lock().dropped > 0);
        drop(release);
        drop(guard);
    }
}
