//! Plays the steps of a transcript in their order; a wait is read from the server, never guessed from a pause.

use std::collections::BTreeMap;
use std::time::Duration;

use sdprep::course::blocks::{At, Code, Step, Transcript};

use crate::compare::{Said, folded};
use crate::scene::Scene;
use crate::server::{Engine, Server};
use crate::session::{Monitor, Session};
use crate::standby::Pair;

const DATABASE: &str = "transcript";

/// A side of the pair, or the only server.
struct Side {
    server: Server,
    monitor: Monitor,
}

/// What came. Panics, with what is wrong, if it cannot be played.
pub fn play(
    server: Option<&Server>,
    settings: &BTreeMap<String, String>,
    transcript: &Transcript,
    setup: Option<&Code>,
) -> Vec<Said> {
    // Dropped last, after the clients: it ends all that is left.
    let mut scene = Scene::new();
    let mut pair = transcript.standby.then(|| Pair::new(&mut scene));
    let server = pair.as_ref().map(|pair| &pair.primary).or(server);
    if let Some(server) = server {
        server.empty(settings);
        scene.reaches(server, DATABASE);
    }
    match (setup, server) {
        (Some(code), _) if code.lang == "sh" => scene.set_up(&code.text),
        (Some(code), Some(server)) => server.feed(database(server), &code.text),
        (Some(code), None) => panic!("a setup in {} needs a server", code.lang),
        (None, _) => {}
    }
    let mut sides: Vec<Side> = server
        .into_iter()
        .chain(pair.as_ref().map(|pair| &pair.standby))
        .map(|server| Side { server: server.clone(), monitor: Monitor::new(server) })
        .collect();
    if let Some(pair) = &mut pair {
        pair.settle();
    }
    let mut sessions = sessions(transcript, &sides);
    let (mut got, mut waiting) = (Vec::new(), Vec::<String>::new());
    let mut running = Vec::new();
    for At { line, value } in &transcript.steps {
        let (name, shown) = match value {
            Step::Run { session, statement, waits_for, .. } => {
                sessions.get_mut(session).expect("a session").send(statement);
                (session, Some(waits_for))
            }
            Step::Later { session, .. } => (session, None),
            Step::Shell { command, output } => {
                let text = match command.strip_suffix('&') {
                    Some(command) if !command.ends_with('&') => {
                        let tool = scene.run_on(command);
                        if !output.is_empty() {
                            running.push((got.len(), tool));
                        }
                        String::new()
                    }
                    _ => scene.run(command),
                };
                got.push(Said { line: *line, session: "$".into(), text });
                if let Some(pair) = &mut pair {
                    pair.settle();
                }
                continue;
            }
            Step::Pause { milliseconds } => {
                std::thread::sleep(Duration::from_millis(*milliseconds));
                continue;
            }
            Step::PrimaryKilled => {
                pair.as_mut().expect("a standby").kill_primary();
                continue;
            }
        };
        let side = side(name, &mut sides);
        let session = sessions.get_mut(name).expect("a session that ran something");
        let text = match session.answer(&mut side.monitor) {
            Ok(reply) => {
                waiting.retain(|other| other != name);
                folded(&reply.join(" "))
            }
            Err(blockers) => match shown {
                None => "still waits".into(),
                Some(shown) => {
                    waiting.push(name.clone());
                    side.monitor.settle();
                    let by = match side.server.engine {
                        Engine::Redis => shown.clone().unwrap_or_else(|| "another".into()),
                        _ => names(&sessions, &blockers),
                    };
                    format!("(waits for {by})")
                }
            },
        };
        got.push(Said { line: *line, session: name.clone(), text });
        if let Some(pair) = &mut pair {
            pair.settle();
        }
    }
    for name in waiting {
        got.push(Said { line: 0, session: name, text: "still waits at the end".into() });
    }
    for (at, tool) in running {
        got[at].text = tool.end().0;
    }
    got
}

fn database(server: &Server) -> &'static str {
    if server.engine == Engine::Redis { server.own_database() } else { DATABASE }
}

/// `S1` speaks to the standby, `T1` to the primary or the only server.
fn side<'a>(session: &str, sides: &'a mut [Side]) -> &'a mut Side {
    let at = usize::from(session.starts_with('S') && sides.len() > 1);
    sides.get_mut(at).expect("a server that has sessions")
}

fn sessions(transcript: &Transcript, sides: &[Side]) -> BTreeMap<String, Session> {
    let mut sessions = BTreeMap::new();
    for At { value, .. } in &transcript.steps {
        let Step::Run { session, .. } = value else { continue };
        sessions.entry(session.clone()).or_insert_with(|| {
            let at = usize::from(session.starts_with('S') && sides.len() > 1);
            let server = &sides.get(at).expect("a server that has sessions").server;
            let own = transcript.session_levels.iter().find(|(name, _)| name == session);
            let level = own.map(|(_, level)| level).or(transcript.level.as_ref());
            Session::new(
                server,
                database(server),
                level.map(String::as_str),
                transcript.with.as_deref(),
            )
        });
    }
    sessions
}

fn names(sessions: &BTreeMap<String, Session>, ids: &[u64]) -> String {
    let of =
        |id: &u64| sessions.iter().find(|(_, session)| session.id == *id).map(|it| it.0.as_str());
    ids.iter().filter_map(of).collect::<Vec<_>>().join(", ")
}
