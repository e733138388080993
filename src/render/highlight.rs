//! Colours of code: which ranges are comments, strings, keywords.
//!
//! Nothing is loaded before the first call (1.5 ms); the first block of a language compiles its
//! patterns (up to 3.4 ms). The caller keeps the result by block.

use std::ops::Range;

/// What a range of code is. A theme knows only these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Class {
    Comment,
    String,
    Number,
    Keyword,
    Type,
    Function,
    Attribute,
}

/// Classed byte ranges of `text`, in order, not overlapping. Empty for a language that is not known, for
/// a text of more than 64 KiB, and without the feature `highlight`.
pub fn highlight(lang: &str, text: &str) -> Vec<(Range<u32>, Class)> {
    #[cfg(feature = "highlight")]
    return syntaxes::highlight(lang, text);
    #[cfg(not(feature = "highlight"))]
    {
        let _ = (lang, text);
        Vec::new()
    }
}

#[cfg(feature = "highlight")]
mod syntaxes {
    use std::ops::Range;
    use std::sync::OnceLock;

    use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

    use super::Class;

    /// A longer text is no example in a lesson, and would stop the screen.
    const MOST: usize = 64 * 1024;

    /// Scope prefixes and what they mean; the first that fits decides. None: plain, whatever is around
    /// it (the code in `"${...}"`).
    const MEANINGS: [(&str, Option<Class>); 26] = [
        ("comment", Some(Class::Comment)),
        ("meta.interpolation", None),
        ("string.unquoted", None),
        ("string", Some(Class::String)),
        ("constant.character.escape", Some(Class::Number)),
        ("constant", Some(Class::Number)),
        ("keyword.operator.word", Some(Class::Keyword)),
        ("keyword.operator.logical.sql", Some(Class::Keyword)),
        ("keyword.operator", None),
        ("keyword", Some(Class::Keyword)),
        ("storage.type.sql", Some(Class::Type)),
        ("storage", Some(Class::Keyword)),
        ("variable.language", Some(Class::Keyword)),
        ("variable.annotation", Some(Class::Attribute)),
        ("variable.function", Some(Class::Function)),
        ("support.function", Some(Class::Function)),
        ("entity.name.function", Some(Class::Function)),
        ("support.type", Some(Class::Type)),
        ("support.class", Some(Class::Type)),
        ("entity.name.tag", Some(Class::Keyword)),
        ("entity.name", Some(Class::Type)),
        ("entity.other.attribute-name", Some(Class::Attribute)),
        ("entity.other.inherited-class", Some(Class::Type)),
        ("meta.annotation", Some(Class::Attribute)),
        ("markup.inserted", Some(Class::String)),
        ("markup.deleted", Some(Class::Comment)),
    ];

    struct Loaded {
        set: SyntaxSet,
        meanings: Vec<(Scope, Option<Class>)>,
    }

    fn loaded() -> &'static Loaded {
        static LOADED: OnceLock<Loaded> = OnceLock::new();
        LOADED.get_or_init(|| {
            let meaning =
                |(name, class): &(&str, Option<Class>)| Some((Scope::new(name).ok()?, *class));
            Loaded {
                set: two_face::syntax::extra_newlines(),
                meanings: MEANINGS.iter().filter_map(meaning).collect(),
            }
        })
    }

    /// The syntax of a language by its usual name.
    fn syntax<'a>(set: &'a SyntaxSet, lang: &str) -> Option<&'a SyntaxReference> {
        let token = match lang {
            "" | "text" | "txt" | "plain" => return None,
            "shell" | "console" | "sh" => "bash",
            "postgresql" | "postgres" | "mysql" | "mariadb" => "sql",
            "protobuf" => "proto",
            other => other,
        };
        set.find_syntax_by_token(token)
    }

    pub fn highlight(lang: &str, text: &str) -> Vec<(Range<u32>, Class)> {
        let mut out: Vec<(Range<u32>, Class)> = Vec::new();
        if matches!(lang, "" | "text") || text.len() > MOST {
            return out;
        }
        let Loaded { set, meanings } = loaded();
        let Some(syntax) = syntax(set, lang) else { return out };
        let mut state = ParseState::new(syntax);
        let mut stack = ScopeStack::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let Ok(operations) = state.parse_line(line, set) else { return out };
            let mut at = 0;
            for (end, operation) in operations {
                add(&mut out, start + at..start + end, class(&stack, meanings));
                at = at.max(end);
                if stack.apply(&operation).is_err() {
                    return out;
                }
            }
            add(&mut out, start + at..start + line.len(), class(&stack, meanings));
            start += line.len();
        }
        out
    }

    /// The innermost scope that means something decides.
    fn class(stack: &ScopeStack, meanings: &[(Scope, Option<Class>)]) -> Option<Class> {
        let meaning = |scope: &Scope| {
            meanings.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope)).map(|(_, class)| *class)
        };
        stack.as_slice().iter().rev().find_map(meaning).flatten()
    }

    fn add(out: &mut Vec<(Range<u32>, Class)>, range: Range<usize>, class: Option<Class>) {
        let Some(class) = class.filter(|_| !range.is_empty()) else { return };
        let range = range.start as u32..range.end as u32;
        match out.last_mut() {
            Some((last, same)) if *same == class && last.end == range.start => last.end = range.end,
            _ => out.push((range, class)),
        }
    }
}

#[cfg(all(test, feature = "highlight"))]
mod tests {
    use super::*;

    fn classes<'a>(lang: &str, text: &'a str) -> Vec<(&'a str, Class)> {
        let found = highlight(lang, text);
        found
            .into_iter()
            .map(|(r, class)| (&text[r.start as usize..r.end as usize], class))
            .collect()
    }

    #[test]
    fn sql_has_keywords_numbers_strings_and_comments() {
        let found = classes("sql", "SELECT 'x', 42 FROM t; -- why\n");
        assert!(found.contains(&("SELECT", Class::Keyword)), "{found:?}");
        assert!(found.contains(&("'x'", Class::String)), "{found:?}");
        assert!(found.contains(&("42", Class::Number)), "{found:?}");
        assert!(found.iter().any(|(text, c)| text.contains("why") && *c == Class::Comment));
    }

    #[test]
    fn the_languages_of_the_course_are_known() {
        for lang in [
            "rust",
            "go",
            "python",
            "java",
            "json",
            "yaml",
            "toml",
            "bash",
            "sql",
            "proto",
            "lua",
            "javascript",
            "typescript",
            "c",
            "nginx",
            "dockerfile",
            "graphql",
            "html",
        ] {
            let set = two_face::syntax::extra_newlines();
            assert!(set.find_syntax_by_token(lang).is_some(), "{lang}");
        }
    }

    #[test]
    fn an_unknown_language_is_plain_and_so_is_a_text_of_no_language() {
        assert_eq!(highlight("klingon", "if 1 then"), []);
        assert_eq!(highlight("", "if 1"), []);
    }

    #[test]
    fn ranges_are_in_order_and_on_char_boundaries() {
        let text = "fn é() -> &'static str { \"日本{x}\" } // ü\n/* open\n";
        let mut before = 0;
        for (range, _) in highlight("rust", text) {
            assert!(range.start >= before && range.start < range.end);
            assert!(text.get(range.start as usize..range.end as usize).is_some());
            before = range.end;
        }
        assert!(before > 0);
    }
}
