//! A session of a database: the engine's own client on a pipe.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use crate::replies;
use crate::server::{Engine, Server};

/// A statement that neither answers nor waits for a lock for so long is a defect of the transcript.
const STUCK: Duration = Duration::from_secs(15);

pub struct Session {
    server: Server,
    database: String,
    /// Statements with which each connection begins.
    begin: Vec<String>,
    client: Client,
    /// The server's number of this session.
    pub id: u64,
    sent: usize,
    statement: String,
    lines: Vec<String>,
}

struct Client {
    child: Child,
    input: ChildStdin,
    output: Receiver<String>,
    /// It has ended, as psql does when its connection is lost.
    gone: bool,
}

impl Client {
    fn new(server: &Server, database: &str) -> Client {
        let mut child = server.client(database).spawn().expect("no client");
        let input = child.stdin.take().expect("piped");
        let stdout = BufReader::new(child.stdout.take().expect("piped"));
        let (sender, output) = channel();
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        Client { child, input, output, gone: false }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Session {
    pub fn new(
        server: &Server,
        database: &str,
        level: Option<&str>,
        with: Option<&str>,
    ) -> Session {
        let set = match server.engine {
            Engine::PostgreSql => "SET",
            Engine::MariaDb => "SET SESSION",
            Engine::Redis => "CONFIG SET",
        };
        let level = level.map(|level| match server.engine {
            Engine::MariaDb => format!("SET SESSION TRANSACTION ISOLATION LEVEL {level};"),
            _ => format!("SET default_transaction_isolation = '{level}';"),
        });
        let settings =
            with.unwrap_or_default().split_whitespace().map(|setting| match server.engine {
                Engine::Redis => format!("{set} {}", setting.replacen('=', " ", 1)),
                _ => format!("{set} {setting};"),
            });
        let mut session = Session {
            server: server.clone(),
            database: database.into(),
            begin: level.into_iter().chain(settings).collect(),
            client: Client::new(server, database),
            id: 0,
            sent: 0,
            statement: String::new(),
            lines: vec![],
        };
        assert!(session.begins(), "{}", session.lines.join(" "));
        session
    }

    /// The client's first statements; false if it does not reach the server, and what it says stays in `lines`.
    fn begins(&mut self) -> bool {
        let id = match self.server.engine {
            Engine::PostgreSql => "SELECT pg_backend_pid();",
            Engine::MariaDb => "SELECT connection_id();",
            Engine::Redis => "CLIENT ID",
        };
        let said = self.run(id).concat();
        if self.client.gone {
            return false;
        }
        self.id = said.trim_start_matches("(integer) ").parse().expect("a number");
        for statement in self.begin.clone() {
            let reply = self.run(&statement).join(" ");
            assert!(!reply.contains("ERR"), "{statement}: {reply}");
        }
        true
    }

    pub fn run(&mut self, statement: &str) -> Vec<String> {
        self.send(statement);
        assert!(self.poll(STUCK), "stuck: {statement}");
        self.reply()
    }

    pub fn send(&mut self, statement: &str) {
        if self.client.gone {
            self.client = Client::new(&self.server, &self.database);
            if !self.begins() {
                return;
            }
        }
        self.sent += 1;
        self.statement = statement.to_string();
        self.lines.clear();
        let echo = match self.server.engine {
            Engine::PostgreSql => format!("\\echo @@{}@@", self.sent),
            Engine::MariaDb => format!("system echo @@{}@@", self.sent),
            // An open quote: the client itself complains, no command comes between those of a transaction.
            Engine::Redis => "\"".into(),
        };
        // If the client is gone, its output ends, and that is what poll sees.
        let _ = writeln!(self.client.input, "{statement}\n{echo}");
    }

    /// Whether the statement is done within a time.
    fn poll(&mut self, time: Duration) -> bool {
        let end = Instant::now() + time;
        let mark = match self.server.engine {
            Engine::Redis => "Invalid argument(s)".to_string(),
            _ => format!("@@{}@@", self.sent),
        };
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.client.output.recv_timeout(left) {
                Ok(line) if line.trim() == mark => return true,
                Ok(line) => self.lines.push(line),
                Err(RecvTimeoutError::Timeout) => return false,
                Err(RecvTimeoutError::Disconnected) => {
                    self.client.gone = true;
                    return true;
                }
            }
        }
    }

    /// The reply, or the sessions that this one waits for.
    pub fn answer(&mut self, monitor: &mut Monitor) -> Result<Vec<String>, Vec<u64>> {
        let end = Instant::now() + STUCK;
        loop {
            if self.poll(Duration::from_millis(250)) {
                return Ok(self.reply());
            }
            let blockers = monitor.blockers(self.id);
            if self.poll(Duration::ZERO) {
                return Ok(self.reply());
            }
            if !blockers.is_empty() {
                return Err(blockers);
            }
            assert!(Instant::now() < end, "neither a reply nor a lock: {}", self.statement);
        }
    }

    fn reply(&self) -> Vec<String> {
        match self.server.engine {
            Engine::PostgreSql => replies::postgresql(&self.statement, &self.lines),
            Engine::MariaDb => replies::mariadb(&self.statement, &self.lines),
            Engine::Redis => replies::redis(&self.lines),
        }
    }
}

/// Asks the server who waits for whom.
pub struct Monitor {
    engine: Engine,
    session: Session,
    asked: Instant,
}

impl Monitor {
    pub fn new(server: &Server) -> Monitor {
        let session = Session::new(server, server.own_database(), None, None);
        Monitor { engine: server.engine, session, asked: Instant::now() }
    }

    pub fn blockers(&mut self, id: u64) -> Vec<u64> {
        let sql = match self.engine {
            Engine::PostgreSql => format!("SELECT unnest(pg_blocking_pids({id}));"),
            Engine::MariaDb => {
                // The view is renewed only when it was not read for 0.1 s.
                std::thread::sleep(Duration::from_millis(150).saturating_sub(self.asked.elapsed()));
                format!(
                    "SELECT b.trx_mysql_thread_id FROM innodb_lock_waits w \
                     JOIN innodb_trx r ON r.trx_id = w.requesting_trx_id \
                     JOIN innodb_trx b ON b.trx_id = w.blocking_trx_id WHERE r.trx_mysql_thread_id = {id};"
                )
            }
            Engine::Redis => format!("CLIENT LIST ID {id}"),
        };
        let reply = self.session.run(&sql);
        self.asked = Instant::now();
        if self.engine == Engine::Redis {
            // It knows that a client is blocked, not who will free it.
            let blocked = reply
                .concat()
                .split(' ')
                .any(|field| field.strip_prefix("flags=").is_some_and(|flags| flags.contains('b')));
            return if blocked { vec![0] } else { vec![] };
        }
        reply.iter().filter_map(|line| line.parse().ok()).collect()
    }

    /// PostgreSQL looks for deadlocks after `deadlock_timeout` (100 ms in CI): the session that waited first has
    /// looked and found none, so that the later one stays the victim.
    pub fn settle(&self) {
        if self.engine == Engine::PostgreSql {
            std::thread::sleep(Duration::from_millis(150));
        }
    }
}
