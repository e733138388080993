//! A session of a database: the engine's own client on a pipe.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// A statement that neither answers nor waits for a lock for so long is a defect of the transcript.
const STUCK: Duration = Duration::from_secs(15);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    PostgreSql,
    MariaDb,
}

impl Engine {
    pub fn of(name: &str) -> Option<Engine> {
        match name {
            "postgresql" => Some(Engine::PostgreSql),
            "mariadb" => Some(Engine::MariaDb),
            _ => None,
        }
    }

    pub fn version(self) -> String {
        let sql = match self {
            Engine::PostgreSql => "SHOW server_version;",
            Engine::MariaDb => "SELECT version();",
        };
        let mut session = Session::new(self, self.own_database(), None, None);
        session.run(sql).concat().split_whitespace().next().unwrap_or_default().to_string()
    }

    fn own_database(self) -> &'static str {
        match self {
            Engine::PostgreSql => "postgres",
            Engine::MariaDb => "information_schema",
        }
    }

    fn client(self, database: &str) -> Command {
        let place = |name: &str| {
            std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set; use .ci/engines run"))
        };
        // One pipe for answers and errors keeps their order.
        let mut command = Command::new("sh");
        match self {
            Engine::PostgreSql => {
                let server = format!(
                    "{} dbname={database}",
                    place("SDPREP_PG").replace("dbname=postgres", "")
                );
                command.args([
                    "-c",
                    "exec psql \"$@\" 2>&1",
                    "psql",
                    "-X",
                    "-A",
                    "-F",
                    " | ",
                    "-P",
                    "null=NULL",
                ]);
                command.args(["-v", "VERBOSITY=verbose", &server]);
            }
            Engine::MariaDb => {
                let socket = format!("--socket={}", place("SDPREP_MARIADB"));
                command.args([
                    "-c",
                    "exec mariadb \"$@\" 2>&1",
                    "mariadb",
                    "--no-defaults",
                    &socket,
                ]);
                command.args(["--force", "--unbuffered", "-vv", "--batch", database]);
            }
        }
        command
    }
}

/// Runs statements that must not fail, outside any session.
pub fn admin(engine: Engine, sql: &str, database: Option<&str>) {
    let mut session = Session::new(engine, database.unwrap_or(engine.own_database()), None, None);
    for statement in sql.split_inclusive(';').map(str::trim).filter(|s| !s.is_empty()) {
        let reply = session.run(statement).join("\n");
        assert!(!reply.contains("ERROR"), "setup: {statement}: {reply}");
    }
}

pub struct Session {
    engine: Engine,
    child: Child,
    input: ChildStdin,
    output: Receiver<String>,
    /// The server's number of this session.
    pub id: u64,
    sent: usize,
    statement: String,
    lines: Vec<String>,
}

impl Session {
    pub fn new(engine: Engine, database: &str, level: Option<&str>, with: Option<&str>) -> Session {
        let mut child = engine
            .client(database)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("no client");
        let input = child.stdin.take().expect("piped");
        let stdout = BufReader::new(child.stdout.take().expect("piped"));
        let (sender, output) = channel();
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let mut session = Session {
            engine,
            child,
            input,
            output,
            id: 0,
            sent: 0,
            statement: String::new(),
            lines: vec![],
        };
        let (id, set) = match engine {
            Engine::PostgreSql => ("SELECT pg_backend_pid();", "SET"),
            Engine::MariaDb => ("SELECT connection_id();", "SET SESSION"),
        };
        session.id = session.run(id).concat().parse().expect("a number");
        if let Some(level) = level {
            let statement = match engine {
                Engine::PostgreSql => format!("SET default_transaction_isolation = '{level}';"),
                Engine::MariaDb => format!("SET SESSION TRANSACTION ISOLATION LEVEL {level};"),
            };
            session.must(&statement);
        }
        for setting in with.unwrap_or_default().split_whitespace() {
            session.must(&format!("{set} {setting};"));
        }
        session
    }

    fn must(&mut self, statement: &str) {
        let reply = self.run(statement).join(" ");
        assert!(!reply.contains("ERROR"), "{statement}: {reply}");
    }

    pub fn run(&mut self, statement: &str) -> Vec<String> {
        self.send(statement);
        assert!(self.poll(STUCK), "stuck: {statement}");
        self.reply()
    }

    pub fn send(&mut self, statement: &str) {
        self.sent += 1;
        self.statement = statement.to_string();
        self.lines.clear();
        let echo = match self.engine {
            Engine::PostgreSql => "\\echo",
            Engine::MariaDb => "system echo",
        };
        writeln!(self.input, "{statement}\n{echo} @@{}@@", self.sent).expect("the client is gone");
    }

    /// Whether the statement is done within a time.
    fn poll(&mut self, time: Duration) -> bool {
        let end = Instant::now() + time;
        let mark = format!("@@{}@@", self.sent);
        while let Ok(line) = self.output.recv_timeout(end.saturating_duration_since(Instant::now()))
        {
            if line.trim() == mark {
                return true;
            }
            self.lines.push(line);
        }
        false
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
        match self.engine {
            Engine::PostgreSql => postgresql(&self.statement, &self.lines),
            Engine::MariaDb => mariadb(&self.statement, &self.lines),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Plain success has no reply; the header of a single column is left out.
fn postgresql(statement: &str, lines: &[String]) -> Vec<String> {
    let left_out = [
        "DETAIL:",
        "HINT:",
        "LOCATION:",
        "CONTEXT:",
        "STATEMENT:",
        "SCHEMA NAME:",
        "TABLE NAME:",
        "CONSTRAINT NAME:",
        "COLUMN NAME:",
        "LINE ",
    ];
    let plain = ["BEGIN", "SET", "CREATE", "DROP", "LOCK TABLE", "SAVEPOINT"];
    let mut reply: Vec<String> = Vec::new();
    for line in lines {
        if let Some(error) = line.strip_prefix("ERROR:  ").or_else(|| line.strip_prefix("ERROR: "))
        {
            reply.push(format!("ERROR {error}"));
        } else if left_out.iter().any(|start| line.starts_with(start)) || line.trim() == "^" {
        } else if line == "COMMIT" || plain.iter().any(|tag| line.starts_with(tag)) {
        } else if line == "ROLLBACK" && statement.to_uppercase().starts_with("ROLLBACK") {
        } else {
            reply.push(line.clone());
        }
    }
    let Some(foot) = reply
        .iter()
        .position(|l| l.starts_with('(') && (l.ends_with(" rows)") || l.ends_with(" row)")))
    else {
        return reply;
    };
    let tags = reply.split_off(foot + 1);
    if reply[foot] == "(0 rows)" {
        return [vec!["(0 rows)".to_string()], tags].concat();
    }
    reply.pop();
    let rows = if reply[0].contains(" | ") { reply } else { reply.split_off(1) };
    [rows, tags].concat()
}

fn mariadb(statement: &str, lines: &[String]) -> Vec<String> {
    let plain = ["BEGIN", "START", "COMMIT", "ROLLBACK", "SET", "CREATE", "DROP"];
    let is_plain = plain.iter().any(|word| statement.to_uppercase().starts_with(word));
    let (mut reply, mut rows, mut echo) = (Vec::new(), Vec::new(), false);
    for line in lines.iter().filter(|line| !line.trim().is_empty()) {
        if line == "--------------" {
            echo = !echo; // the client repeats the statement between two rules
        } else if echo
            || line == "Bye"
            || line.starts_with("Rows matched")
            || line.starts_with("Records:")
        {
        } else if line.starts_with("ERROR ") {
            // ERROR 1213 (40001) at line 7: text
            let (code, text) = line.split_once(": ").unwrap_or((line, ""));
            let code = code.split(" at line ").next().unwrap_or(code);
            reply.push(format!("{code}: {text}"));
        } else if let Some(count) = line.strip_prefix("Query OK, ") {
            if !is_plain {
                reply.push(
                    count.split(" affected").next().unwrap_or(count).to_string() + " affected",
                );
            }
        } else if line.starts_with("Empty set") {
            reply.push("(0 rows)".into());
        } else if line.contains(" in set") && line.contains(" row") {
        } else {
            rows.push(line.replace('\t', " | "));
        }
    }
    if rows.first().is_some_and(|header| !header.contains(" | ")) {
        rows.remove(0);
    }
    reply.extend(rows);
    reply
}

/// Asks the server who waits for whom.
pub struct Monitor {
    engine: Engine,
    session: Session,
    asked: Instant,
}

impl Monitor {
    pub fn new(engine: Engine) -> Monitor {
        let session = Session::new(engine, engine.own_database(), None, None);
        Monitor { engine, session, asked: Instant::now() }
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
        };
        let reply = self.session.run(&sql);
        self.asked = Instant::now();
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
