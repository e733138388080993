//! All that is Unix: raw mode, signals, waiting, the watchdog; private files and their identity. Windows would be a
//! second file beside it.

use std::fs::{DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{
    OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcgetwinsize, tcsetattr,
};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGWINCH};
use signal_hook::{flag, low_level};

/// How long a terminal that takes no more bytes may hold up the end of the process.
const GRACE: Duration = Duration::from_millis(1500);

const ENTER: &[u8] = b"\x1b[?1049h\x1b[?25l\x1b[?2004h";
const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1002h\x1b[?1006h";
const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1002l\x1b[?1000l";
const LEAVE: &[u8] = b"\x1b[?1006l\x1b[?1002l\x1b[?1000l\x1b[?2004l\x1b[0m\x1b[?25h\x1b[?1049l";

/// Options that make a file readable by its owner alone.
pub fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

/// A directory of the owner alone is made.
pub fn private_dir(recursive: bool) -> DirBuilder {
    let mut builder = DirBuilder::new();
    builder.recursive(recursive).mode(0o700);
    builder
}

/// What tells one file from another that has taken its name: device and inode.
pub fn identity(meta: &Metadata) -> (u64, u64) {
    (meta.dev(), meta.ino())
}

/// Whether something could be written into a directory that exists.
pub fn is_writable(dir: &Path) -> bool {
    rustix::fs::access(dir, rustix::fs::Access::WRITE_OK).is_ok()
}

/// Whether a full screen can be shown: stdin and stdout are terminals and TERM is not `dumb`.
pub fn is_full_screen() -> bool {
    use std::io::IsTerminal;
    io::stdin().is_terminal()
        && io::stdout().is_terminal()
        && std::env::var_os("TERM").is_some_and(|term| !term.is_empty() && term != "dumb")
}

/// Columns and rows of the terminal on stdout; 80 and 24 if it does not say.
pub fn size() -> (u16, u16) {
    match tcgetwinsize(io::stdout()) {
        Ok(size) if size.ws_col > 0 && size.ws_row > 0 => (size.ws_col, size.ws_row),
        _ => (80, 24),
    }
}

/// Why the wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// There are bytes to read.
    Input,
    /// The size changed or the process was continued: modes set again, redraw.
    Redraw,
    /// The time is over.
    Timeout,
    /// A signal asks to end: save, leave, raise it again.
    Signal(i32),
    /// The terminal is gone.
    Gone,
}

/// Puts the terminal back as it was. Shared with the panic hook and the watchdog.
struct Restore {
    saved: Termios,
    entered: AtomicBool,
}

impl Restore {
    /// Idempotent. Settings first: they need no bytes to be taken.
    fn run(&self) {
        if !self.entered.swap(false, Ordering::SeqCst) {
            return;
        }
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.saved);
        let stdout = io::stdout();
        let mut fds = [PollFd::new(&stdout, PollFlags::OUT)];
        let brief = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };
        if matches!(poll(&mut fds, Some(&brief)), Ok(1))
            && fds[0].revents().contains(PollFlags::OUT)
        {
            let _ = rustix::io::write(&stdout, LEAVE);
        }
    }
}

/// The terminal in full-screen mode.
pub struct Tty {
    restore: Arc<Restore>,
    raw: Termios,
    mouse: AtomicBool,
    wake: OwnedFd,
    ending: Arc<AtomicUsize>,
    syncs: mpsc::Sender<File>,
    sync_failed: Arc<AtomicBool>,
}

impl Tty {
    /// Takes the terminal: signals, raw mode, alternate screen, panic hook, watchdog.
    ///
    /// # Errors
    /// The terminal refuses its settings, or the process has no more descriptors.
    pub fn enter(mouse: bool) -> io::Result<Self> {
        let saved = tcgetattr(io::stdin())?;
        let mut raw = saved.clone();
        raw.make_raw();
        // Reads return at once: the only place that blocks is `wait`.
        raw.special_codes[SpecialCodeIndex::VMIN] = 0;
        raw.special_codes[SpecialCodeIndex::VTIME] = 0;
        let restore = Arc::new(Restore { saved, entered: AtomicBool::new(false) });

        let (wake, woken) = rustix::pipe::pipe()?;
        // A full pipe must never block a signal handler, and a drained one never the loop.
        for fd in [&wake, &woken] {
            rustix::io::ioctl_fionbio(fd, true)?;
        }
        let ending = Arc::new(AtomicUsize::new(0));
        for signal in [SIGTERM, SIGHUP, SIGINT, SIGQUIT] {
            flag::register_usize(
                signal,
                Arc::clone(&ending),
                usize::try_from(signal).unwrap_or(0),
            )?;
        }
        for signal in [SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGWINCH, SIGCONT] {
            low_level::pipe::register(signal, woken.try_clone()?)?;
        }
        watchdog(&restore)?;
        let before = std::panic::take_hook();
        let hook = Arc::clone(&restore);
        std::panic::set_hook(Box::new(move |info| {
            hook.run();
            before(info);
        }));
        let sync_failed = Arc::new(AtomicBool::new(false));
        let syncs = sync_thread(Arc::clone(&sync_failed));
        let mouse = AtomicBool::new(mouse);
        let tty = Tty { restore, raw, mouse, wake, ending, syncs, sync_failed };
        tty.resume()?;
        Ok(tty)
    }

    /// Takes the terminal (again, after [`Tty::release`]).
    ///
    /// # Errors
    /// The terminal refuses its settings.
    pub fn resume(&self) -> io::Result<()> {
        tcsetattr(io::stdin(), OptionalActions::Now, &self.raw)?;
        self.restore.entered.store(true, Ordering::SeqCst);
        let mut out = self.writer()?;
        out.write_all(ENTER)?;
        if self.mouse.load(Ordering::SeqCst) {
            out.write_all(MOUSE_ON)?;
        }
        out.flush()
    }

    /// Has the mouse reported, or leaves it to the terminal.
    ///
    /// # Errors
    /// The terminal does not take the bytes.
    pub fn set_mouse(&self, mouse: bool) -> io::Result<()> {
        self.mouse.store(mouse, Ordering::SeqCst);
        let mut out = self.writer()?;
        out.write_all(if mouse { MOUSE_ON } else { MOUSE_OFF })?;
        out.flush()
    }

    /// Gives the terminal to a child and takes it back. Ctrl-C and Ctrl-\\ are the child's meanwhile.
    ///
    /// # Errors
    /// The terminal refuses its settings.
    pub fn lend<T>(&self, child: impl FnOnce() -> T) -> io::Result<T> {
        self.release();
        let done = child();
        // What the keyboard sent to the whole process group was meant for the child; a hang-up was not.
        for signal in [SIGINT, SIGQUIT] {
            let signal = usize::try_from(signal).unwrap_or(0);
            let _ = self.ending.compare_exchange(signal, 0, Ordering::SeqCst, Ordering::SeqCst);
        }
        self.resume()?;
        Ok(done)
    }

    /// Gives the terminal back, for a child process, a suspension or the end.
    pub fn release(&self) {
        self.restore.run();
    }

    /// A buffered writer to the terminal. Not `print!`, which panics when the terminal is gone.
    ///
    /// # Errors
    /// No more descriptors.
    pub fn writer(&self) -> io::Result<BufWriter<File>> {
        let out = rustix::io::dup(io::stdout())?;
        Ok(BufWriter::with_capacity(1 << 16, File::from(out)))
    }

    /// Writes a file's data through to the disk, on a thread of its own so that no key waits for it.
    pub fn sync_later(&self, file: File) {
        let _ = self.syncs.send(file);
    }

    /// Whether the disk refused what [`Tty::sync_later`] was given since this was last asked.
    pub fn sync_failed(&self) -> bool {
        self.sync_failed.swap(false, Ordering::SeqCst)
    }

    /// Blocks until there is something to do, at most for `timeout`.
    pub fn wait(&self, timeout: Option<Duration>) -> Wake {
        let spec = timeout.map(|time| Timespec {
            tv_sec: i64::try_from(time.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: i64::from(time.subsec_nanos()),
        });
        let stdin = io::stdin();
        let mut fds = [
            PollFd::from_borrowed_fd(stdin.as_fd(), PollFlags::IN),
            PollFd::from_borrowed_fd(self.wake.as_fd(), PollFlags::IN),
        ];
        let ready = poll(&mut fds, spec.as_ref());
        let input = fds[0].revents();
        let signalled = fds[1].revents().contains(PollFlags::IN)
            || matches!(ready, Err(rustix::io::Errno::INTR));
        let ending = self.ending.load(Ordering::SeqCst);
        if ending != 0 {
            return Wake::Signal(i32::try_from(ending).unwrap_or(SIGTERM));
        }
        if input.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            return Wake::Gone;
        }
        if signalled {
            let mut buffer = [0; 64];
            while matches!(rustix::io::read(&self.wake, &mut buffer), Ok(n) if n > 0) {}
            return Wake::Redraw;
        }
        if input.contains(PollFlags::IN) { Wake::Input } else { Wake::Timeout }
    }

    /// After SIGCONT or a resize: another program may have changed the modes meanwhile.
    ///
    /// # Errors
    /// The terminal refuses its settings.
    pub fn set_modes(&self) -> io::Result<()> {
        tcsetattr(io::stdin(), OptionalActions::Now, &self.raw)?;
        Ok(())
    }

    /// Gives the terminal back and ends as the signal would have ended us.
    pub fn die_of(&self, signal: i32) {
        self.release();
        let _ = low_level::emulate_default_handler(signal);
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        self.release();
    }
}

/// Stops the whole job, as Ctrl-Z does in a program without raw mode.
pub fn suspend_signal() {
    let _ = rustix::process::kill_current_process_group(rustix::process::Signal::TSTP);
}

/// A terminal that takes no bytes would hold the main thread in a write for ever: this thread ends the process.
fn watchdog(restore: &Arc<Restore>) -> io::Result<()> {
    let (wake, woken) = rustix::pipe::pipe()?;
    let ended_by = Arc::new(AtomicUsize::new(0));
    for signal in [SIGTERM, SIGHUP] {
        flag::register_usize(signal, Arc::clone(&ended_by), usize::try_from(signal).unwrap_or(0))?;
        low_level::pipe::register(signal, woken.try_clone()?)?;
    }
    let restore = Arc::clone(restore);
    thread::Builder::new().name("watchdog".into()).spawn(move || {
        let _open = woken; // else the read would end when the last handler goes
        let mut buffer = [0; 1];
        while !matches!(rustix::io::read(&wake, &mut buffer), Ok(1)) {}
        thread::sleep(GRACE);
        restore.run();
        let signal = i32::try_from(ended_by.load(Ordering::SeqCst)).unwrap_or(SIGTERM);
        #[allow(clippy::exit, clippy::disallowed_methods)]
        // the main thread is stuck in a write: nobody else can end the process
        std::process::exit(128 + signal);
    })?;
    Ok(())
}

fn sync_thread(failed: Arc<AtomicBool>) -> mpsc::Sender<File> {
    let (sender, receiver) = mpsc::channel::<File>();
    // Without the thread the file is closed unsynced here, and synced on leaving.
    let _ = thread::Builder::new().name("sync".into()).spawn(move || {
        for file in receiver {
            if file.sync_data().is_err() {
                failed.store(true, Ordering::SeqCst);
            }
        }
    });
    sender
}
