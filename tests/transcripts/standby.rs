//! A primary and its asynchronous streaming standby, both new.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::scene::{Scene, as_user, below, kill, ok, parent, postgresql_bin};
use crate::server::{Engine, Server};
use crate::session::Session;

/// A standby that lags longer is held up by its own queries; the transcript shows what that gives.
const REPLAYS: Duration = Duration::from_secs(5);

pub struct Pair {
    pub primary: Server,
    pub standby: Server,
    data: PathBuf,
    /// Ask each how far it is; none of the primary after its death.
    asks: (Option<Session>, Session),
}

impl Pair {
    pub fn new(scene: &mut Scene) -> Pair {
        let bin = postgresql_bin();
        let place = |name: &str| scene.dir.join(name);
        let (first, second) = (place("primary"), place("standby"));
        ok(as_user("mkdir").args([&first, &second]));
        ok(as_user(bin.join("initdb")).arg("-D").arg(first.join("data")).args([
            "-U",
            "sdprep",
            "--auth=trust",
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        ]));
        let server = |dir: &PathBuf| Server {
            engine: Engine::PostgreSql,
            place: format!("host={} user=sdprep", dir.display()),
        };
        let start = |dir: &PathBuf| {
            let options = format!(
                "-c listen_addresses= -c unix_socket_directories={} -c fsync=off -c deadlock_timeout=100ms",
                dir.display()
            );
            let mut command = as_user(bin.join("pg_ctl"));
            command.arg("-D").arg(dir.join("data")).arg("-l").arg(dir.join("log"));
            ok(command.args(["-w", "-o", &options, "start"]).stdout(std::process::Stdio::null()));
        };
        start(&first);
        ok(as_user(bin.join("pg_basebackup")).arg("-D").arg(second.join("data")).args([
            "-R",
            "--no-sync",
            "--checkpoint=fast",
            "-d",
            &server(&first).place,
        ]));
        start(&second);
        let (primary, standby) = (server(&first), server(&second));
        let services = format!(
            "[primary]\nhost={}\nuser=sdprep\ndbname=transcript\n\n[standby]\nhost={}\nuser=sdprep\ndbname=transcript\n",
            first.display(),
            second.display()
        );
        let file = scene.dir.join("services");
        fs_err::write(&file, services).expect("a file");
        scene.env("PGSERVICEFILE", file.display().to_string());
        let asks = (
            Some(Session::new(&primary, "postgres", None, None)),
            Session::new(&standby, "postgres", None, None),
        );
        Pair { primary, standby, data: first.join("data"), asks }
    }

    /// Waits until the standby shows all that the primary has written, unless its replay is paused.
    pub fn settle(&mut self) {
        let Some(primary) = &mut self.asks.0 else { return };
        let written = primary.run("SELECT pg_current_wal_lsn();").concat();
        let done = format!(
            "SELECT CASE WHEN NOT pg_is_in_recovery() THEN true \
             WHEN pg_get_wal_replay_pause_state() <> 'not paused' THEN true \
             ELSE pg_last_wal_replay_lsn() >= '{written}' END;"
        );
        let end = Instant::now() + REPLAYS;
        while self.asks.1.run(&done).concat() != "t" && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The primary and all its processes end at once.
    pub fn kill_primary(&mut self) {
        self.asks.0 = None;
        let file = fs_err::read_to_string(self.data.join("postmaster.pid")).unwrap_or_default();
        let Some(id) = file.lines().next().and_then(|line| line.trim().parse().ok()) else {
            return;
        };
        let all = [vec![id], below(id)].concat();
        kill(&all);
        while all.iter().any(|id| parent(*id).is_some()) {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
