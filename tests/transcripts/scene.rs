//! Where a transcript is played: a fresh directory, and all that runs in it, which ends with it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, geteuid, getpid, kill_process};

use crate::server::{Engine, Server};

/// A tool or a setup that runs longer is a defect of the transcript.
const STUCK: Duration = Duration::from_secs(30);
/// A server that takes longer to open its port is down, which may be what the lesson shows.
const OPENS: Duration = Duration::from_secs(5);

pub struct Scene {
    /// `work` is where tools run; beside it are their output and servers of our own.
    pub dir: PathBuf,
    env: Vec<(&'static str, String)>,
    commands: usize,
}

/// A tool that goes on while the transcript does.
pub struct Running {
    child: Child,
    output: PathBuf,
}

impl Scene {
    pub fn new() -> Scene {
        // What daemons leave behind becomes our child, and is found below by that.
        #[cfg(target_os = "linux")]
        rustix::process::set_child_subreaper(Some(getpid())).expect("a reaper");
        let made = as_user("mktemp").args(["-d", "/tmp/sdprep-play.XXXXXX"]).output();
        let dir = PathBuf::from(String::from_utf8_lossy(&made.expect("mktemp").stdout).trim());
        let path = format!(
            "{}:{}:/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin",
            dir.join("bin").display(),
            postgresql_bin().display()
        );
        let mut scene = Scene { dir, env: vec![("PATH", path)], commands: 0 };
        scene.env("HOME", scene.dir.join("work").display().to_string());
        scene.env("LANG", "C.UTF-8");
        scene.env("TZ", "UTC");
        ok(as_user("mkdir").args([scene.dir.join("work"), scene.dir.join("bin")]));
        scene
    }

    pub fn env(&mut self, name: &'static str, value: impl Into<String>) {
        self.env.push((name, value.into()));
    }

    /// Bare `psql` and `redis-cli` reach the server.
    pub fn reaches(&mut self, server: &Server, database: &str) {
        match server.engine {
            Engine::PostgreSql => {
                for (key, value) in
                    server.place.split_whitespace().filter_map(|w| w.split_once('='))
                {
                    match key {
                        "host" => self.env("PGHOST", value),
                        "user" => self.env("PGUSER", value),
                        _ => {}
                    }
                }
                self.env("PGDATABASE", database);
            }
            Engine::MariaDb => self.env("MYSQL_UNIX_PORT", server.place.as_str()),
            Engine::Redis => {
                self.env("REDIS", server.place.as_str());
                let script = "#!/bin/bash\nfor word; do case $word in -h | -p | -s | -u) \
                              exec /usr/bin/redis-cli \"$@\" ;; esac; done\n\
                              exec /usr/bin/redis-cli -s \"$REDIS\" \"$@\"\n";
                let wrapper = self.dir.join("bin/redis-cli");
                let write = format!("cat >{0} && chmod 755 {0}", wrapper.display());
                let mut child =
                    as_user("sh").args(["-c", &write]).stdin(Stdio::piped()).spawn().expect("sh");
                std::io::Write::write_all(
                    &mut child.stdin.take().expect("piped"),
                    script.as_bytes(),
                )
                .expect("a pipe");
                assert!(child.wait().expect("sh").success(), "no wrapper of redis-cli");
            }
        }
    }

    /// `name --version` says, or None if there is no such tool.
    pub fn version(&mut self, tool: &str) -> Option<String> {
        let flag = if ["dig", "nginx"].contains(&tool) { "-v" } else { "--version" };
        // Clients of a server that we have, and servers whose name is not the engine's.
        let program = match tool {
            "redis" => "redis-server",
            "python" => "python3",
            other => other,
        };
        let said = self.run(&format!("command -v {program} >/dev/null && {program} {flag}"));
        let word = |c: char| !(c.is_ascii_digit() || c == '.');
        said.split(word).find(|w| w.contains('.') && w.len() > 2).map(str::to_string)
    }

    /// Runs a command to its end.
    pub fn run(&mut self, command: &str) -> String {
        self.start(&["-c", command]).end().0
    }

    /// Runs a command that goes on.
    pub fn run_on(&mut self, command: &str) -> Running {
        self.start(&["-c", command])
    }

    /// Runs the script of a setup, and waits for the servers that it started.
    pub fn set_up(&mut self, script: &str) {
        let ports = ports(script);
        let end = Instant::now() + OPENS;
        while let Some(port) = ports.iter().find(|port| is_open(**port)) {
            assert!(Instant::now() < end, "port {port} is taken by another process");
            std::thread::sleep(Duration::from_millis(100));
        }
        let (output, success) = self.start(&["-e", "-c", script]).end();
        assert!(success, "setup: {output}");
        let end = Instant::now() + OPENS;
        while !ports.iter().all(|port| is_open(*port)) && Instant::now() < end {
            if descendants().is_empty() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn start(&mut self, args: &[&str]) -> Running {
        self.commands += 1;
        let output = self.dir.join(format!("output-{}", self.commands));
        // A file, not a pipe: what is left running may hold it open.
        let file = fs_err::File::create(&output).expect("a file").into_file();
        let child = as_user("bash")
            .args(args)
            .current_dir(self.dir.join("work"))
            .env_clear()
            .envs(self.env.iter().cloned())
            .stdin(Stdio::null())
            .stderr(file.try_clone().expect("a file"))
            .stdout(file)
            .spawn()
            .expect("bash");
        Running { child, output }
    }
}

impl Running {
    /// What it printed, and whether it succeeded.
    pub fn end(mut self) -> (String, bool) {
        let end = Instant::now() + STUCK;
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                break status;
            }
            assert!(Instant::now() < end, "a command runs for more than {} s", STUCK.as_secs());
            std::thread::sleep(Duration::from_millis(5));
        };
        let bytes = fs_err::read(&self.output).expect("its output");
        (String::from_utf8_lossy(&bytes).into_owned(), status.success())
    }
}

impl Drop for Scene {
    /// All clients of ours have ended by now: whatever descends from us was started here.
    fn drop(&mut self) {
        for _ in 0..50 {
            let left = descendants();
            if left.is_empty() {
                break;
            }
            kill(&left);
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = fs_err::remove_dir_all(&self.dir);
    }
}

/// PostgreSQL refuses root, and a server that runs as root drops to a user who cannot read the directory.
pub fn as_user(program: impl AsRef<std::ffi::OsStr>) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("/sbin/runuser");
    command.args(["-u", "postgres", "--"]).arg(program);
    command
}

fn is_root() -> bool {
    geteuid().is_root()
}

pub fn postgresql_bin() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let version = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    let newest = versions.map(|entry| entry.path()).max_by_key(|path| version(path));
    newest.unwrap_or_default().join("bin")
}

/// Runs a command that must succeed.
pub fn ok(command: &mut Command) {
    let done = command.stdin(Stdio::null()).output().expect("a program");
    let text = [done.stdout, done.stderr].concat();
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&text));
}

/// Ports that a script names: `127.0.0.1:8080`, `port 8080`, `port=8080`, `listen 8080`, ...
fn ports(script: &str) -> Vec<u16> {
    let before = ["127.0.0.1:", "127.0.0.1#", "127.0.0.1\", ", "localhost:"];
    let words = ["port ", "port=", "listen ", "http.server ", "-p "];
    let mut found = Vec::new();
    for name in before.iter().chain(&words) {
        for (at, _) in script.match_indices(name) {
            let rest = &script[at + name.len()..];
            let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            found.extend(rest[..digits].parse::<u16>().ok().filter(|port| *port >= 1024));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether someone listens; asked of the kernel, since a server may take a connection for its only client.
fn is_open(port: u16) -> bool {
    let listens = |line: &str| {
        // 0: 0100007F:1F90 00000000:0000 0A ...: local and remote address, state.
        let mut fields = line.split_whitespace().skip(1);
        let local = fields.next().and_then(|local| local.rsplit_once(':'));
        local.is_some_and(|(_, hex)| u16::from_str_radix(hex, 16) == Ok(port))
            && fields.nth(1) == Some("0A")
    };
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(fs_err::read_to_string);
    tables.iter().flatten().any(|table| table.lines().any(listens))
}

/// Living processes below this one.
fn descendants() -> Vec<u32> {
    below(std::process::id())
}

/// The parent of a process that lives.
pub fn parent(id: u32) -> Option<u32> {
    let stat = fs_err::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // 17 (name) S 1 ...: the name may hold blanks and brackets.
    let (state, rest) = stat.rsplit_once(") ")?.1.split_once(' ')?;
    if state == "Z" { None } else { rest.split(' ').next()?.parse().ok() }
}

/// Living processes below one.
pub fn below(root: u32) -> Vec<u32> {
    let mut all: Vec<(u32, u32)> = Vec::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let id = entry.file_name().to_str().and_then(|name| name.parse().ok());
        if let Some((id, parent)) = id.and_then(|id| Some((id, parent(id)?))) {
            all.push((id, parent));
        }
    }
    let mut found = vec![root];
    let mut at = 0;
    while at < found.len() {
        let parent = found[at];
        found.extend(all.iter().filter(|(_, of)| *of == parent).map(|(id, _)| *id));
        at += 1;
    }
    found.split_off(1)
}

/// Ends processes at once, as a machine that loses power would: none acts on the death of another.
pub fn kill(ids: &[u32]) {
    for signal in [Signal::STOP, Signal::KILL] {
        for id in ids.iter().filter_map(|id| Pid::from_raw((*id).cast_signed())) {
            let _ = kill_process(id, signal);
        }
    }
}

#[test]
fn the_ports_of_a_script_are_those_that_it_names() {
    let script = "server { listen 127.0.0.1:8080; }\ndnsmasq --port=8053\ndnsmasq -p 8055\nport 8054\n\
                  python3 -m http.server 8081 &\nHTTPServer((\"127.0.0.1\", 8082), X)\nport 53\nline 9000";
    assert_eq!(ports(script), [8053, 8054, 8055, 8080, 8081, 8082]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_port_is_open_while_someone_listens() {
    let server = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = server.local_addr().unwrap().port();
    assert!(is_open(port));
    drop(server);
    assert!(!is_open(port));
}

#[cfg(target_os = "linux")]
#[test]
fn what_descends_from_a_process_is_found_and_ended() {
    let mut child = Command::new("sh").args(["-c", "sleep 60 & wait"]).spawn().unwrap();
    let end = Instant::now() + OPENS;
    while below(child.id()).is_empty() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(5));
    }
    let sleep = below(child.id());
    assert_eq!(sleep.len(), 1);
    kill(&[sleep.clone(), vec![child.id()]].concat());
    child.wait().unwrap();
    while parent(sleep[0]).is_some() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(parent(sleep[0]), None);
}
