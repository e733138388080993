//! Replies of the clients as a transcript shows them.
#![allow(clippy::if_same_then_else)] // one branch for each thing that is left out

/// Plain success has no reply; the header of a single column is left out.
pub fn postgresql(statement: &str, lines: &[String]) -> Vec<String> {
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
        let failed = ["ERROR", "FATAL"].iter().find_map(|word| {
            let text = line.strip_prefix(word)?.strip_prefix(':')?;
            Some(format!("{word} {}", text.trim_start()))
        });
        if let Some(failed) = failed {
            reply.push(failed);
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

pub fn mariadb(statement: &str, lines: &[String]) -> Vec<String> {
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

/// As the client prints it for a terminal, without the time that a slow command took.
pub fn redis(lines: &[String]) -> Vec<String> {
    let timing = |line: &str| {
        let time = line.strip_prefix('(').and_then(|rest| rest.strip_suffix("s)"));
        time.is_some_and(|time| time.parse::<f64>().is_ok())
    };
    let kept = lines.iter().map(|line| line.trim_matches('\r'));
    kept.filter(|line| !line.trim().is_empty() && !timing(line)).map(str::to_string).collect()
}
