//! The loop: draw, block until there is something to do, do all of it, draw once.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU32};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::task::Poll;
use std::time::{Duration, Instant};

use crossterm::event::{self, Event as Raw};

use super::App;
use super::message::{Event, Moment, Step, Wish};
use crate::clock::Clock;
use crate::error::{Exit, Failure, Outcome};
use crate::labs::{Job, Report, Watch};
use crate::terminal::editor::Draft;
use crate::terminal::{Canvas, Tty, Wake, clipboard, size, suspend_signal};

/// How the full screen ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The reader left.
    Left,
    /// The terminal went away.
    Gone,
    /// A signal asked to end; it is to be raised again.
    Signal(i32),
}

/// Runs the full screen until the reader leaves, a signal comes or the terminal goes. `app` makes the program,
/// given the first moment.
///
/// # Errors
/// The terminal cannot be taken.
pub fn run<'c>(
    clock: &Clock,
    mouse: bool,
    app: impl FnOnce(Moment) -> App<'c>,
) -> Outcome<(End, App<'c>)> {
    let failed =
        |cause: io::Error| Failure::new(Exit::Io, format!("the terminal cannot be used: {cause}"));
    let start = Instant::now();
    let moment = || Moment { wall: clock.now(), mono: start.elapsed().as_secs_f64() };
    let mut app = app(moment());
    let tty = Tty::enter(mouse).map_err(failed)?;
    let mut canvas = Canvas::new(tty.writer().map_err(failed)?, size());
    let end = match turn(&tty, &mut canvas, &mut app, &moment) {
        Ok(end) => end,
        // A write that fails means that nobody sees the terminal any more.
        Err(_) => End::Gone,
    };
    app.leave(moment());
    let _ = app.store().sync();
    tty.release();
    if let End::Signal(signal) = end {
        let waiting = app.store().pending_lines();
        if !waiting.is_empty() {
            use io::Write;
            let mut stderr = io::stderr();
            let _ = write!(stderr, "not saved; keep these lines for `sdprep import -`:\n{waiting}");
        }
        tty.die_of(signal);
    }
    Ok((end, app))
}

fn turn<W: io::Write>(
    tty: &Tty,
    canvas: &mut Canvas<W>,
    app: &mut App<'_>,
    moment: &impl Fn() -> Moment,
) -> io::Result<End> {
    let mut sync = Sync::default();
    let mut lab: Option<Running> = None;
    canvas.draw(|area, buffer| app.draw(area, buffer))?;
    loop {
        if app.afterwards() {
            canvas.draw(|area, buffer| app.draw(area, buffer))?;
        }
        let now = moment().mono;
        // A run beside the screen is looked at twenty times a second.
        let look = lab.as_ref().map(|_| now + 0.05);
        let next = [app.deadline(), sync.deadline(app.store().unsynced(), now), look];
        let next = next.into_iter().flatten().reduce(f64::min);
        let timeout = next.map(|at| Duration::from_secs_f64((at - now).clamp(0.001, 3600.0)));
        match tty.wait(timeout) {
            Wake::Gone => return Ok(End::Gone),
            Wake::Signal(signal) => return Ok(End::Signal(signal)),
            Wake::Redraw => {
                tty.set_modes()?;
                canvas.reset(size());
            }
            Wake::Timeout => app.tick(moment()),
            Wake::Input => {
                sync.key(moment().mono);
                match drain(canvas, app, moment)? {
                    Step::Stay => {}
                    Step::Quit => return Ok(End::Left),
                    Step::Redraw => canvas.reset(size()),
                    Step::Suspend => {
                        app.leave(moment());
                        let _ = app.store().sync();
                        tty.release();
                        suspend_signal();
                        tty.resume()?;
                        canvas.reset(size());
                    }
                }
            }
        }
        for wish in app.wishes() {
            match wish {
                Wish::Lab(job) => lab = Some(Running::start(job)),
                Wish::StopLab => lab.iter().for_each(Running::stop),
                wish => fulfil(wish, tty, canvas, app, moment)?,
            }
        }
        if let Some(running) = &lab {
            app.lab_progress(running.share());
            if let Poll::Ready(report) = running.ended() {
                lab = None;
                app.lab_done(report.as_ref(), moment());
            }
        }
        if tty.sync_failed() {
            app.store().sync_failed();
        }
        if sync.due(app.store().unsynced(), moment().mono)
            && let Some(file) = app.store().sync_handle()
        {
            tty.sync_later(file);
            sync.done();
        }
        canvas.draw(|area, buffer| app.draw(area, buffer))?;
    }
}

/// Does what only the shell can do, and says so.
fn fulfil<W: io::Write>(
    wish: Wish,
    tty: &Tty,
    canvas: &mut Canvas<W>,
    app: &mut App<'_>,
    moment: &impl Fn() -> Moment,
) -> io::Result<()> {
    match wish {
        Wish::Lab(_) | Wish::StopLab => {} // the loop's own
        Wish::Mouse(on) => tty.set_mouse(on)?,
        Wish::Copy { text, what } => {
            let sent = clipboard::osc52(&text);
            if let Some(bytes) = &sent {
                canvas.write(bytes.as_bytes())?;
            }
            let chars = text.chars().count();
            let how = match (sent.is_some(), clipboard::platform(&text)) {
                (true, Some(tool)) => {
                    format!("{chars} characters sent to the terminal (OSC 52) and {tool}")
                }
                (true, None) => format!("{chars} characters sent to the terminal (OSC 52)"),
                (false, Some(tool)) => format!("{chars} characters given to {tool}"),
                (false, None) => format!("{chars} characters are too many for the terminal"),
            };
            app.say(format!("{what}: {how}"));
        }
        Wish::Edit(text) => {
            app.leave(moment());
            let _ = app.store().sync();
            match Draft::new(&text) {
                Err(cause) => app.say(format!("no editor: {cause}")),
                Ok(draft) => {
                    let edited = tty.lend(|| draft.edit())?;
                    canvas.reset(size());
                    app.edited(edited.as_ref().ok().map(String::as_str), moment());
                    let place = draft.path().display();
                    match edited {
                        Err(cause) => {
                            app.say(format!("not noted: {cause}; the text is in {place}"));
                        }
                        Ok(_) if app.store().pending() > 0 => {
                            app.say(format!("not saved yet; the text is in {place}"));
                        }
                        Ok(_) => draft.done(),
                    }
                }
            }
        }
    }
    Ok(())
}

/// Takes all events that are there, so that a held key or a storm of resizes is drawn once.
fn drain<W: io::Write>(
    canvas: &mut Canvas<W>,
    app: &mut App<'_>,
    moment: &impl Fn() -> Moment,
) -> io::Result<Step> {
    let mut last = Step::Stay;
    let mut nothing = 0;
    // With a wait of zero crossterm looks nowhere, and with a short one it does not if the process was put aside
    // meanwhile: twice nothing is nothing. A whole millisecond would be half of what a key may take to its frame.
    while nothing < 2 {
        if !event::poll(Duration::from_micros(50))? {
            nothing += 1;
            continue;
        }
        nothing = 0;
        let event = match event::read()? {
            Raw::Key(key) => Event::Key(key),
            Raw::Mouse(mouse) => Event::Mouse(mouse),
            Raw::Paste(text) => Event::Paste(text),
            Raw::Resize(..) => {
                canvas.reset(size());
                continue;
            }
            Raw::FocusGained | Raw::FocusLost => continue,
        };
        match app.event(event, moment()) {
            Step::Stay => {}
            Step::Redraw => last = Step::Redraw,
            step => return Ok(step),
        }
    }
    Ok(last)
}

/// A lab that runs on a thread of its own. Left alone when the program ends: it holds nothing that must be kept.
struct Running {
    stop: Arc<AtomicBool>,
    /// Thousandths that are done.
    share: Arc<AtomicU32>,
    report: Receiver<Report>,
}

impl Running {
    fn start(job: Job) -> Running {
        let (sender, report) = channel();
        let running = Running { stop: Arc::default(), share: Arc::default(), report };
        let (stop, share) = (running.stop.clone(), running.share.clone());
        std::thread::spawn(move || {
            let mut tell = |done: f64| {
                share.store((done * 1000.0) as u32, Relaxed);
                !stop.load(Relaxed)
            };
            let report = job.run(&mut Watch::new(&mut tell));
            let _ = sender.send(report); // nobody waits for it if the program has ended
        });
        running
    }

    fn stop(&self) {
        self.stop.store(true, Relaxed);
    }

    fn share(&self) -> f64 {
        f64::from(self.share.load(Relaxed)) / 1000.0
    }

    /// The report, once it is there; none if the run came to nothing.
    fn ended(&self) -> Poll<Option<Report>> {
        match self.report.try_recv() {
            Ok(report) => Poll::Ready(Some(report)),
            Err(TryRecvError::Empty) => Poll::Pending,
            Err(TryRecvError::Disconnected) => Poll::Ready(None),
        }
    }
}

/// When the journal is written through to the disk: 1 s after the last key, at least every 5 s.
#[derive(Debug, Default)]
struct Sync {
    first: Option<f64>,
    last_key: f64,
}

impl Sync {
    fn key(&mut self, now: f64) {
        self.last_key = now;
    }

    fn deadline(&mut self, unsynced: bool, now: f64) -> Option<f64> {
        if !unsynced {
            self.first = None;
            return None;
        }
        let first = *self.first.get_or_insert(now);
        Some((self.last_key.max(first) + 1.0).min(first + 5.0))
    }

    fn due(&mut self, unsynced: bool, now: f64) -> bool {
        self.deadline(unsynced, now).is_some_and(|at| now >= at)
    }

    fn done(&mut self) {
        self.first = None;
    }
}
