//! Tables of comma-separated values (RFC 4180).

/// The lines of a table, each with as many cells as the first one. Empty lines are left out.
pub(super) fn parse(text: &str) -> Result<Vec<Vec<String>>, String> {
    let mut lines = Vec::new();
    let mut line = vec![String::new()];
    let mut chars = text.trim_start_matches('\u{feff}').chars().peekable();
    let mut quoted = false;
    let mut was_quoted = false;
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted => match chars.next_if_eq(&'"') {
                Some(_) => push(&mut line, '"'),
                None => quoted = false,
            },
            '"' if line.last().is_none_or(String::is_empty) && !was_quoted => (quoted, was_quoted) = (true, true),
            ',' if !quoted => {
                line.push(String::new());
                was_quoted = false;
            }
            '\r' if !quoted && chars.peek() == Some(&'\n') => {}
            '\n' if !quoted => {
                lines.push(std::mem::replace(&mut line, vec![String::new()]));
                was_quoted = false;
            }
            other => push(&mut line, other),
        }
    }
    if quoted {
        return Err("a quotation mark has no partner".to_owned());
    }
    lines.push(line);
    lines.retain(|line| line.iter().any(|cell| !cell.is_empty()));
    let width = lines.first().map_or(0, Vec::len);
    for (index, line) in lines.iter_mut().enumerate() {
        if line.len() > width {
            return Err(format!("row {index} has {} cells, the head of the table {width}", line.len()));
        }
        line.resize(width, String::new());
    }
    Ok(lines)
}

fn push(line: &mut [String], c: char) {
    if let Some(cell) = line.last_mut() {
        cell.push(c);
    }
}

/// A line of a table, with its end.
pub(super) fn line<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let quoted = |cell: &str| {
        if cell.contains(['"', ',', '\n', '\r']) || cell.trim() != cell {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.to_owned()
        }
    };
    let cells: Vec<String> = cells.map(quoted).collect();
    format!("{}\n", cells.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_may_have_commas_quotes_and_line_ends() {
        let cells = ["a", "b,c", "d\"e\"", "f\ng", " h", ""];
        let table = format!("{}{}", line(cells.into_iter()), line(cells.into_iter()));
        assert_eq!(parse(&table).unwrap(), [cells, cells]);
        assert_eq!(parse("\u{feff}a,b\r\n1,\"\"\r\n\r\n2\r\n").unwrap(), [["a", "b"], ["1", ""], ["2", ""]]);
        assert!(parse("a\n1,2\n").is_err() && parse("\"a").is_err());
    }
}
