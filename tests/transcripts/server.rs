//! The servers that `.ci/engines run` started, and their clients.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use crate::session::Session;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    PostgreSql,
    MariaDb,
    Redis,
}

/// One of them, and where it is: a libpq connection string without a database, or a socket.
#[derive(Debug, Clone)]
pub struct Server {
    pub engine: Engine,
    pub place: String,
}

impl Server {
    /// The server of a transcript's engine; None for a tool.
    pub fn of(engine: &str) -> Option<Server> {
        let (engine, name) = match engine {
            "postgresql" | "psql" => (Engine::PostgreSql, "SDPREP_PG"),
            "mariadb" => (Engine::MariaDb, "SDPREP_MARIADB"),
            "redis" | "redis-cli" => (Engine::Redis, "SDPREP_REDIS"),
            _ => return None,
        };
        let place = std::env::var(name)
            .unwrap_or_else(|_| panic!("{name} is not set; use .ci/engines run"));
        Some(Server { engine, place: place.replace("dbname=postgres", "").trim().into() })
    }

    pub fn version(&self) -> String {
        let mut session = Session::new(self, self.own_database(), None, None);
        match self.engine {
            Engine::PostgreSql => first_word(&session.run("SHOW server_version;")),
            Engine::MariaDb => first_word(&session.run("SELECT version();")),
            Engine::Redis => {
                let said = session.run("INFO server");
                let version = said.iter().find_map(|line| line.strip_prefix("redis_version:"));
                version.unwrap_or_default().trim().into()
            }
        }
    }

    pub fn own_database(&self) -> &'static str {
        match self.engine {
            Engine::PostgreSql => "postgres",
            Engine::MariaDb => "information_schema",
            Engine::Redis => "0",
        }
    }

    /// Its client, which reads statements from a pipe. One pipe for answers and errors keeps their order.
    pub fn client(&self, database: &str) -> Command {
        let (program, args): (&str, &[&str]) = match self.engine {
            Engine::PostgreSql => {
                ("psql", &["-X", "-A", "-F", " | ", "-P", "null=NULL", "-v", "VERBOSITY=verbose"])
            }
            Engine::MariaDb => {
                ("mariadb", &["--no-defaults", "--force", "--unbuffered", "-vv", "--batch"])
            }
            Engine::Redis => ("redis-cli", &["--no-raw"]),
        };
        let mut command = Command::new("sh");
        command.args(["-c", "exec \"$0\" \"$@\" 2>&1", program]).args(args);
        match self.engine {
            Engine::PostgreSql => command.arg(format!("{} dbname={database}", self.place)),
            Engine::MariaDb => command.args([&format!("--socket={}", self.place), database]),
            Engine::Redis => command.args(["-s", &self.place, "-n", database]),
        };
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        command
    }

    /// Runs statements that must not fail, outside any session.
    pub fn feed(&self, database: &str, text: &str) {
        let mut child = self.client(database).spawn().expect("no client");
        let mut input = child.stdin.take().expect("piped");
        let text = format!("{text}\n");
        // A thread: the client's answers may fill its pipe before it has read all.
        let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
        let output = child.wait_with_output().expect("a client").stdout;
        let _ = writer.join();
        let said = String::from_utf8_lossy(&output);
        let failed = |line: &&str| {
            ["ERROR", "FATAL", "psql: error", "(error)"].iter().any(|word| line.starts_with(word))
        };
        assert_eq!(said.lines().find(failed), None, "setup");
    }

    /// Nothing of the transcript before is left: a new database, or an empty server with its own settings.
    pub fn empty(&self, settings: &BTreeMap<String, String>) {
        match self.engine {
            Engine::PostgreSql => {
                self.feed("postgres", "DROP DATABASE IF EXISTS transcript WITH (FORCE);");
                self.feed("postgres", "CREATE DATABASE transcript;");
            }
            Engine::MariaDb => self.feed(
                "information_schema",
                "DROP DATABASE IF EXISTS transcript; CREATE DATABASE transcript;",
            ),
            Engine::Redis => {
                let mut text = String::new();
                for (name, value) in self.settings() {
                    if let Some(before) = settings.get(&name).filter(|before| **before != value) {
                        text += &format!("CONFIG SET {name} \"{before}\"\n");
                    }
                }
                self.feed(
                    "0",
                    &(text + "FLUSHALL\nSCRIPT FLUSH\nFUNCTION FLUSH\nCONFIG RESETSTAT"),
                );
            }
        }
    }

    /// The settings of Redis.
    pub fn settings(&self) -> BTreeMap<String, String> {
        if self.engine != Engine::Redis {
            return BTreeMap::new();
        }
        let said = Session::new(self, "0", None, None).run("CONFIG GET *");
        // ` 1) "name"`, ` 2) "value"`; quotes in a value stay escaped, as CONFIG SET reads them.
        let text = |line: &String| {
            let quoted = line.split_once(") \"").map_or("", |(_, rest)| rest);
            quoted.strip_suffix('"').unwrap_or(quoted).to_string()
        };
        said.chunks_exact(2).map(|pair| (text(&pair[0]), text(&pair[1]))).collect()
    }
}

fn first_word(reply: &[String]) -> String {
    reply.concat().split_whitespace().next().unwrap_or_default().into()
}
