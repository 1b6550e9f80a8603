//! The XML of a schedule. Counts and total times in files are often wrong and are not read.

use roxmltree::{Document, Node, ParsingOptions};

use super::super::report::Report;
use super::super::text::Word;
use super::schedule::{Entry, Schedule, Voice};

/// Most nodes of a document.
const MAX_NODES: u32 = 400_000;
/// Names of references that XML has by itself.
const REFERENCES: [&str; 5] = ["amp;", "lt;", "gt;", "quot;", "apos;"];

/// The text with what strict XML refuses and files have: an `&` that begins no reference, control characters, line ends
/// of other systems.
pub(super) fn tolerated(text: &str) -> String {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '\r' if rest.starts_with('\n') => {}
            '\r' => out.push('\n'),
            '&' if !rest.starts_with('#') && !REFERENCES.iter().any(|name| rest.starts_with(name)) => {
                out.push_str("&amp;");
            }
            c if c.is_control() && !matches!(c, '\n' | '\t') => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Read the schedule. `None` if there is none, which is reported.
pub(super) fn schedule<'t>(text: &'t str, report: &Report<'t>) -> Option<Schedule<'t>> {
    let options = ParsingOptions { allow_dtd: true, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let document = match Document::parse_with_options(text, options) {
        Ok(document) => document,
        Err(error) => {
            let place = error.pos();
            let said = error.to_string();
            let said = said.rsplit_once(" at ").map_or(said.as_str(), |(said, _)| said);
            let at = Word { text: " ", line: place.row as usize, column: place.col as usize };
            report.error(at, format!("not valid XML: {said}"));
            return None;
        }
    };
    let is = |node: &Node<'_, '_>, name: &str| node.tag_name().name().eq_ignore_ascii_case(name);
    let Some(found) = document.descendants().find(|node| is(node, "schedule")) else {
        report.error(Word::line(report.lines.first().copied()?, 1), "expected a <schedule>, got another document");
        return None;
    };
    let reader = Reader { document: &document, text, report };
    let mut schedule = Schedule { at: reader.place(found), ..Schedule::default() };
    for node in found.children().filter(Node::is_element) {
        let name = node.tag_name().name().to_ascii_lowercase();
        match name.as_str() {
            "title" => schedule.note("title", content(node)),
            "schedule_description" => schedule.note("description", content(node)),
            "author" => schedule.note("author", content(node)),
            "loops" => {
                schedule.loops = reader.number(node, &content(node)).unwrap_or(1.0);
                schedule.loops_at = Some(reader.place(node));
            }
            "overallvolume_left" => schedule.volume[0] = reader.number(node, &content(node)).unwrap_or(1.0),
            "overallvolume_right" => schedule.volume[1] = reader.number(node, &content(node)).unwrap_or(1.0),
            "stereoswap" => schedule.swapped = content(node).trim() == "1",
            "voice" => schedule.voices.push(voice(node, &reader)),
            _ => {}
        }
    }
    Some(schedule)
}

fn voice<'t>(node: Node<'_, 't>, reader: &Reader<'_, 't>) -> Voice<'t> {
    let mut voice = Voice { at: reader.place(node), ..Voice::default() };
    for inner in node.descendants().filter(Node::is_element) {
        let flag = || content(inner).trim() == "1";
        match inner.tag_name().name().to_ascii_lowercase().as_str() {
            "description" => content(inner).trim().clone_into(&mut voice.description),
            "type" => {
                voice.kind = reader.number(inner, &content(inner)).unwrap_or(0.0) as i64;
                voice.kind_at = Some(reader.place(inner));
            }
            "voice_mute" => voice.muted = flag(),
            "voice_mono" => voice.mono = flag(),
            "entry" => {
                let value = |name: &str| {
                    let found = inner.attributes().find(|attribute| attribute.name().eq_ignore_ascii_case(name));
                    found.and_then(|found| reader.number(inner, found.value())).unwrap_or(0.0)
                };
                voice.entries.push(Entry {
                    duration: value("duration").max(0.0),
                    amps: [value("volume_left"), value("volume_right")],
                    beat: value("beatfreq"),
                    base: value("basefreq"),
                });
            }
            _ => {}
        }
    }
    voice
}

/// The text in an element, without comments.
fn content(node: Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|text| text.text()).collect()
}

struct Reader<'a, 't> {
    document: &'a Document<'t>,
    text: &'t str,
    report: &'a Report<'t>,
}

impl<'t> Reader<'_, 't> {
    /// The first line of an element.
    fn place(&self, node: Node<'_, 't>) -> Word<'t> {
        let range = node.range();
        let place = self.document.text_pos_at(range.start);
        let text = self.text.get(range).unwrap_or_default();
        let text = text.lines().next().unwrap_or_default();
        Word { text, line: place.row as usize, column: place.col as usize }
    }

    /// A number, with a point or a comma; `None` for anything else, which is reported.
    fn number(&self, node: Node<'_, 't>, text: &str) -> Option<f64> {
        let text = text.trim().replace(',', ".");
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite() && number.abs() <= 1e6);
        if number.is_none() && !text.is_empty() {
            self.report.error(self.place(node), format!("expected a number, got \"{text}\""));
        }
        number
    }
}
