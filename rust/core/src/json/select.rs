//! Paths that select values in a JSON document, in the notation of [`super::path`]: `progression[0].voices[*].params.beatFreq`,
//! where `[*]` is every item of a list.

use serde_json::{Map, Value};

use super::path;

/// One component of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Component {
    Key(String),
    Index(usize),
    All,
}

/// A path that selects values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Selector(Vec<Component>);

impl Selector {
    /// Read a path; what follows it in `text` is returned as well.
    pub(crate) fn parse(text: &str) -> Result<(Self, &str), String> {
        let mut found = Vec::new();
        let mut rest = text;
        loop {
            if let Some(inside) = rest.strip_prefix('[') {
                let (component, after) = bracket(inside)?;
                found.push(component);
                rest = after;
            } else if found.is_empty() || rest.starts_with('.') {
                let key = rest.strip_prefix('.').unwrap_or(rest);
                let end = key.find(['.', '[', ']', '=', '@', '"']).unwrap_or(key.len());
                if end == 0 {
                    return Err(format!("expected a key in the path {text:?}"));
                }
                found.push(Component::Key(key[..end].to_owned()));
                rest = &key[end..];
            } else {
                return Ok((Self(found), rest));
            }
        }
    }

    /// The last key; none if the path ends in a list.
    pub(crate) fn last_key(&self) -> Option<&str> {
        match self.0.last() {
            Some(Component::Key(key)) => Some(key),
            _ => None,
        }
    }

    /// Whether the path selects all items of a list.
    fn is_open(&self) -> bool {
        self.0.contains(&Component::All)
    }

    /// Set every selected value. The last key need not exist, unless the path has a `[*]`: then it is set where it exists.
    ///
    /// # Errors
    /// The reason, as text, if nothing is selected.
    pub(crate) fn set(&self, document: &mut Value, value: &Value) -> Result<(), String> {
        let mut missing = None;
        match self.set_from(0, document, String::new(), value, &mut missing) {
            0 => Err(missing.unwrap_or_else(|| "selects nothing in the track".to_owned())),
            _ => Ok(()),
        }
    }

    /// Set what the components from `depth` on select in `place`, which is at `at`. Returns the number of values.
    fn set_from(
        &self,
        depth: usize,
        place: &mut Value,
        at: String,
        value: &Value,
        missing: &mut Option<String>,
    ) -> usize {
        let Some(component) = self.0.get(depth) else {
            *place = value.clone();
            return 1;
        };
        let last = depth + 1 == self.0.len();
        let lacks = |what: String| {
            if at.is_empty() { format!("the track has no {what}") } else { format!("{at} has no {what}") }
        };
        match (component, place) {
            (Component::Key(key), Value::Object(map)) => {
                if last && !self.is_open() {
                    map.insert(key.clone(), value.clone());
                    return 1;
                }
                let known = keys(map);
                if let Some(inner) = map.get_mut(key) {
                    return self.set_from(depth + 1, inner, path::member(&at, key), value, missing);
                }
                missing.get_or_insert_with(|| lacks(format!("{key:?} (it has {known})")));
                0
            }
            (Component::Index(index), Value::Array(items)) => {
                let count = items.len();
                if let Some(inner) = items.get_mut(*index) {
                    return self.set_from(depth + 1, inner, path::item(&at, *index), value, missing);
                }
                missing.get_or_insert_with(|| lacks(format!("item {index} (it has {count})")));
                0
            }
            (Component::All, Value::Array(items)) => items
                .iter_mut()
                .enumerate()
                .map(|(index, inner)| self.set_from(depth + 1, inner, path::item(&at, index), value, missing))
                .sum(),
            (Component::Key(key), _) => {
                missing.get_or_insert_with(|| lacks(format!("{key:?}: it is no object")));
                0
            }
            (Component::Index(_) | Component::All, _) => {
                missing.get_or_insert_with(|| lacks("items: it is no list".to_owned()));
                0
            }
        }
    }
}

fn keys(map: &Map<String, Value>) -> String {
    let all: Vec<&str> = map.keys().map(String::as_str).take(12).collect();
    if all.is_empty() { "no keys".to_owned() } else { all.join(", ") }
}

/// What follows a `[`: a number, `*` or a quoted key; and what follows the `]`.
fn bracket(text: &str) -> Result<(Component, &str), String> {
    let expected = || format!("expected a number, * or a quoted key and ], got \"[{text}\"");
    if text.starts_with('"') {
        let mut stream = serde_json::Deserializer::from_str(text).into_iter::<String>();
        let key = stream.next().and_then(Result::ok).ok_or_else(expected)?;
        let rest = text[stream.byte_offset()..].strip_prefix(']').ok_or_else(expected)?;
        return Ok((Component::Key(key), rest));
    }
    let (inside, rest) = text.split_once(']').ok_or_else(expected)?;
    let component = match inside.trim() {
        "*" => Component::All,
        number => Component::Index(number.parse().map_err(|_| expected())?),
    };
    Ok((component, rest))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn set(path: &str, document: &Value) -> Result<Value, String> {
        let (selector, rest) = Selector::parse(path)?;
        assert_eq!(rest, "");
        let mut document = document.clone();
        selector.set(&mut document, &json!(7))?;
        Ok(document)
    }

    #[test]
    fn paths_set_one_value_or_all_of_a_list() {
        let document = json!({"a": [{"b": 1, "c.d": 2}, {"b": 3}, {}]});
        assert_eq!(set("a[1].b", &document).unwrap(), json!({"a": [{"b": 1, "c.d": 2}, {"b": 7}, {}]}));
        assert_eq!(set("a[*].b", &document).unwrap(), json!({"a": [{"b": 7, "c.d": 2}, {"b": 7}, {}]}));
        assert_eq!(set("a[0][\"c.d\"]", &document).unwrap(), json!({"a": [{"b": 1, "c.d": 7}, {"b": 3}, {}]}));
        assert_eq!(set("a[2].new", &document).unwrap(), json!({"a": [{"b": 1, "c.d": 2}, {"b": 3}, {"new": 7}]}));
    }

    #[test]
    fn a_path_that_selects_nothing_says_where_it_ends() {
        let document = json!({"a": [{"b": 1}]});
        for (path, said) in [
            ("x.y", "the track has no \"x\" (it has a)"),
            ("a[1].b", "a has no item 1 (it has 1)"),
            ("a[*].c", "a[0] has no \"c\" (it has b)"),
            ("a.b", "a has no \"b\": it is no object"),
            ("a[0][0]", "a[0] has no items: it is no list"),
        ] {
            assert_eq!(set(path, &document).unwrap_err(), said);
        }
        for odd in ["", "a[", "a[x]", "a[\"b", ".", "a..b"] {
            assert!(Selector::parse(odd).is_err(), "{odd}");
        }
    }
}
