//! What Docker reads and the parser does not, covered with blanks, byte for byte, before it looks: here-documents behind a command
//! (`RUN cat <<EOF > /etc/x`), whose lines it would take for instructions, and `ENTRYPOINT []`, which takes back that of the base.

use std::borrow::Cow;
use std::ops::Range;

/// The text without the lines of such documents, and where the lines of each RUN that has some are: from the line after its
/// last continued one to the end of the last document.
pub(super) fn cover(text: &str, escape: char) -> (Cow<'_, str>, Vec<Range<usize>>) {
    if !text.contains("<<") && !text.contains('[') {
        return (Cow::Borrowed(text), Vec::new());
    }
    let mut covered: Vec<Range<usize>> = Vec::new();
    let mut documents_at = Vec::new();
    let mut lines = text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line))
    });
    while let Some((at, first)) = lines.next() {
        if is_blank(first) {
            continue;
        }
        // The whole of the instruction, its continued lines and the comments between them.
        let mut instruction = first.trim().to_owned();
        let mut last = first;
        let mut continued = true;
        while continued && (is_blank(last) || last.trim_end().ends_with(escape)) {
            match lines.next() {
                Some((_, line)) => last = line,
                None => continued = false,
            }
            if continued && !is_blank(last) {
                let joined = instruction.trim_end_matches(escape).len();
                instruction.truncate(joined);
                instruction.push(' ');
                instruction.push_str(last.trim());
            }
        }
        let Some((keyword, rest)) = instruction.split_once(char::is_whitespace) else { continue };
        let (keyword, rest) = match rest.trim_start().split_once(char::is_whitespace) {
            Some((inner, further)) if keyword.eq_ignore_ascii_case("onbuild") => (inner, further),
            _ => (keyword, rest),
        };
        let takes_back = keyword.eq_ignore_ascii_case("entrypoint") || keyword.eq_ignore_ascii_case("cmd");
        if takes_back && rest.chars().filter(|one| !one.is_whitespace()).eq("[]".chars()) && std::ptr::eq(first, last) {
            covered.push(at..at + first.len());
        }
        if !["run", "copy", "add"].iter().any(|one| keyword.eq_ignore_ascii_case(one)) {
            continue;
        }
        let documents = documents(rest);
        let leads = documents.len() == 1 && without_flags(rest).starts_with("<<");
        let mut body: Option<Range<usize>> = None;
        for (delimiter, tabs) in documents {
            for (start, line) in lines.by_ref() {
                body = Some(body.map_or(start, |body| body.start)..start + line.len());
                let line = line.trim_end_matches(['\n', '\r']);
                if (if tabs { line.trim_start_matches('\t') } else { line }) == delimiter {
                    break;
                }
            }
        }
        // The parser reads the others.
        if keyword.eq_ignore_ascii_case("run") && !leads {
            covered.extend(body.clone());
            documents_at.extend(body);
        }
    }
    if covered.is_empty() {
        return (Cow::Borrowed(text), documents_at);
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for body in &covered {
        out.push_str(&text[at..body.start]);
        out.extend(text[body.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        at = body.end;
    }
    out.push_str(&text[at..]);
    (Cow::Owned(out), documents_at)
}

fn is_blank(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#')
}

fn without_flags(mut words: &str) -> &str {
    words = words.trim_start();
    while words.starts_with("--") {
        words = words.split_once(char::is_whitespace).map_or("", |(_, rest)| rest.trim_start());
    }
    words
}

/// The delimiters of the documents a line opens, and whether tabs before them are taken off.
fn documents(line: &str) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    let (mut single, mut double) = (false, false);
    let mut rest = line.chars().peekable();
    while let Some(one) = rest.next() {
        match one {
            '\\' if !single => drop(rest.next()),
            '\'' if !double => single = !single,
            '"' if !single => double = !double,
            '<' if !single && !double && rest.peek() == Some(&'<') => {
                rest.next();
                if rest.peek() == Some(&'<') {
                    rest.next();
                    continue;
                }
                let tabs = rest.next_if_eq(&'-').is_some();
                let mut delimiter = String::new();
                while let Some(one) = rest.next_if(|one| one.is_alphanumeric() || matches!(one, '_' | '-' | '.' | '\'' | '"')) {
                    delimiter.push(one);
                }
                delimiter.retain(|one| !matches!(one, '\'' | '"'));
                if !delimiter.is_empty() {
                    found.push((delimiter, tabs));
                }
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(text: &str) -> Vec<&str> {
        let (out, places) = cover(text, '\\');
        assert_eq!(out.len(), text.len());
        places.into_iter().map(|place| &text[place]).collect()
    }

    #[test]
    fn documents_behind_commands_are_covered() {
        assert_eq!(covered("FROM a\nRUN cat <<'EOF' > /x && \\\n  # why\n  true\nRUN é\nEOF\nCMD x\n"), ["RUN é\nEOF\n"]);
        assert_eq!(covered("RUN a <<-A && b <<B\n\tx\n\tA\ny\nB\n"), ["\tx\n\tA\ny\nB\n"]);
        let back = "FROM a\nENTRYPOINT [ ]\nCMD [\"x\"]\n";
        assert_eq!(cover(back, '\\').0, "FROM a\n              \nCMD [\"x\"]\n");
        // What the parser reads itself, what is none, and what does not end.
        assert_eq!(covered("RUN --mount=type=cache,target=/x <<EOF\nx <<A\nEOF\nCOPY <<EOF /x\nRUN a <<B\nEOF\n"), [""; 0]);
        assert_eq!(covered("RUN cat <<< x && echo '<<EOF' \"<<EOF\" $((1 << 2))\nCMD x\n"), [""; 0]);
        assert_eq!(covered("RUN a <<EOF\nx"), ["x"]);
    }
}
