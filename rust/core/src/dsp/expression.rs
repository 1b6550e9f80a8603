//! Arithmetic in one variable: the safe grammar of transition curves (spec am-and-monaural-voices 1.2), which
//! other expressions share with other names.
//! A recursive-descent parser produces postfix code. An expression can call the functions below and nothing else.

pub(crate) mod functions;

use crate::error::{Error, Result, suggestion};
pub(crate) use functions::Grammar;
use functions::{Body, COMPARISONS, Function, NEGATE, POWER, PRODUCTS, QUOTIENT, SUMS};

const MAX_TEXT: usize = 1000;
const MAX_NESTING: usize = 40;
const MAX_STACK: usize = 48;

/// A parsed expression. Evaluation does not allocate.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    code: Vec<Op>,
}

/// One instruction of the postfix code.
#[derive(Debug, Clone, Copy)]
enum Op {
    Number(f64),
    Variable,
    Call(Function),
}

impl PartialEq for Op {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a == b,
            (Self::Variable, Self::Variable) => true,
            (Self::Call(a), Self::Call(b)) => a.name == b.name,
            _ => false,
        }
    }
}

impl Expression {
    /// Parses `text`, at most 1000 bytes.
    ///
    /// # Errors
    /// [`Error::Invalid`] with an empty path and a message that gives the position and what was expected there.
    pub fn parse(text: &str) -> Result<Self> {
        Self::parse_in(text, &Grammar::CURVE)
    }

    /// As [`parse`](Self::parse), with the names of another grammar.
    ///
    /// # Errors
    /// Those of [`parse`](Self::parse).
    pub(crate) fn parse_in(text: &str, grammar: &Grammar) -> Result<Self> {
        if text.len() > MAX_TEXT {
            return Err(Error::invalid("", format!("an expression may have at most {MAX_TEXT} bytes")));
        }
        let mut parser = Parser { text, grammar, position: 0, nesting: 0, code: Vec::new() };
        parser.comparison()?;
        parser.skip_blanks();
        if parser.position < text.len() {
            return Err(parser.unexpected("an operator or the end"));
        }
        let expression = Self { code: parser.code };
        if expression.stack_needed() > MAX_STACK {
            return Err(Error::invalid("", "the expression is too deeply nested"));
        }
        Ok(expression)
    }

    fn stack_needed(&self) -> usize {
        let mut depth = 0;
        let mut deepest = 0;
        for op in &self.code {
            depth = match op {
                Op::Number(_) | Op::Variable => depth + 1,
                Op::Call(function) => depth + 1 - function.body.arity(),
            };
            deepest = deepest.max(depth);
        }
        deepest
    }

    /// Whether the value does not depend on the variable.
    pub fn is_constant(&self) -> bool {
        !self.code.contains(&Op::Variable)
    }

    /// The value where the variable is `at`; comparisons give 0 or 1. The value is not clipped and may be NaN or infinite.
    pub fn at(&self, at: f64) -> f64 {
        let mut stack = [0.0; MAX_STACK];
        let mut top = 0; // `parse` ensures 0 < top < MAX_STACK wherever it is used
        for op in &self.code {
            match op {
                Op::Number(number) => {
                    stack[top] = *number;
                    top += 1;
                }
                Op::Variable => {
                    stack[top] = at;
                    top += 1;
                }
                Op::Call(function) => {
                    top -= function.body.arity() - 1;
                    stack[top - 1] = match function.body {
                        Body::One(f) => f(stack[top - 1]),
                        Body::Two(f) => f(stack[top - 1], stack[top]),
                        Body::Three(f) => f(stack[top - 1], stack[top], stack[top + 1]),
                    };
                }
            }
        }
        stack[0]
    }
}

/// A recursive-descent parser; its methods append postfix code to `code`.
struct Parser<'a> {
    text: &'a str,
    grammar: &'a Grammar,
    position: usize,
    nesting: usize,
    code: Vec<Op>,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        &self.text[self.position..]
    }

    fn skip_blanks(&mut self) {
        self.position = self.text.len() - self.rest().trim_start().len();
    }

    fn take(&mut self, token: &str) -> bool {
        self.skip_blanks();
        let found = self.rest().starts_with(token);
        if found {
            self.position += token.len();
        }
        found
    }

    fn error(&self, position: usize, message: &str) -> Error {
        let column = self.text[..position].chars().count() + 1;
        Error::invalid("", format!("in \"{}\": {message} at character {column}", self.text))
    }

    fn unexpected(&self, expected: &str) -> Error {
        let found = self.rest().chars().next().map_or_else(|| "the end".to_owned(), |c| format!("\"{c}\""));
        self.error(self.position, &format!("expected {expected}, found {found}"))
    }

    /// `sum (comparison-operator sum)?`. Chains of comparisons are refused, as for arrays in Python.
    fn comparison(&mut self) -> Result<()> {
        self.sum()?;
        if !self.grammar.compares {
            return Ok(());
        }
        if let Some(operator) = COMPARISONS.iter().find(|f| self.take(f.name)) {
            self.sum()?;
            self.code.push(Op::Call(*operator));
            if COMPARISONS.iter().any(|f| self.take(f.name)) {
                return Err(self.error(self.position, "comparisons cannot be chained"));
            }
        }
        Ok(())
    }

    fn sum(&mut self) -> Result<()> {
        self.product()?;
        while let Some(operator) = SUMS.iter().find(|f| self.take(f.name)) {
            self.product()?;
            self.code.push(Op::Call(*operator));
        }
        Ok(())
    }

    fn product(&mut self) -> Result<()> {
        self.signed()?;
        while let Some(operator) = self.product_sign() {
            self.signed()?;
            self.code.push(Op::Call(operator));
        }
        Ok(())
    }

    fn product_sign(&mut self) -> Option<Function> {
        if self.grammar.compares && self.take(QUOTIENT.name) {
            return Some(QUOTIENT);
        }
        PRODUCTS.iter().find(|f| self.take(f.name)).copied()
    }

    fn signed(&mut self) -> Result<()> {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return Err(self.error(self.position, "too deeply nested"));
        }
        if self.take("-") {
            self.signed()?;
            self.code.push(Op::Call(NEGATE));
        } else if self.take("+") {
            self.signed()?;
        } else {
            self.power()?;
        }
        self.nesting -= 1;
        Ok(())
    }

    /// `**` binds tighter than a sign on its left and looser than one on its right, and is right-associative.
    fn power(&mut self) -> Result<()> {
        self.atom()?;
        if self.take("**") {
            self.signed()?;
            self.code.push(Op::Call(POWER));
        } else if self.rest().starts_with('^') {
            return Err(self.error(self.position, "\"^\" is not a power; write \"**\""));
        }
        Ok(())
    }

    fn atom(&mut self) -> Result<()> {
        if self.take("(") {
            self.comparison()?;
            return self.expect(")");
        }
        let start = self.position;
        let word: String =
            self.rest().chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.')).collect();
        if word.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            return self.literal();
        }
        self.position += word.len();
        if word.is_empty() {
            return Err(self.unexpected(&format!("a number, \"{}\", a function or \"(\"", self.grammar.variable)));
        }
        if word == self.grammar.variable {
            self.code.push(Op::Variable);
            return Ok(());
        }
        match self.grammar.constants.iter().find(|(name, _)| *name == word) {
            Some((_, constant)) => self.code.push(Op::Number(*constant)),
            None => return self.call(start, &word),
        }
        Ok(())
    }

    fn literal(&mut self) -> Result<()> {
        let rest = self.rest().as_bytes();
        let digits = |from: usize| from + rest[from..].iter().take_while(|c| c.is_ascii_digit()).count();
        let mut end = digits(0);
        if rest.get(end) == Some(&b'.') {
            end = digits(end + 1);
        }
        if matches!(rest.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(rest.get(end + 1), Some(b'+' | b'-')));
            let exponent = digits(end + 1 + sign);
            if exponent > end + 1 + sign {
                end = exponent;
            }
        }
        let number = self.rest()[..end].parse().map_err(|_| self.unexpected("a number"))?;
        self.position += end;
        self.code.push(Op::Number(number));
        Ok(())
    }

    fn call(&mut self, start: usize, word: &str) -> Result<()> {
        let prefixed = self.grammar.functions.iter().find(|(prefix, _, _)| word.starts_with(prefix));
        let name = prefixed.map_or("", |(prefix, _, _)| &word[prefix.len()..]);
        let found = prefixed.and_then(|(_, table, _)| table.iter().find(|f| f.name == name));
        let Some(((_, _, constants_only), function)) = prefixed.zip(found) else {
            return Err(match prefixed {
                Some((prefix, table, _)) if !prefix.is_empty() => {
                    let hint = suggestion(name, table.iter().map(|f| f.name));
                    self.error(start, &format!("unknown function \"{word}\"{hint}"))
                }
                _ => {
                    let hint = suggestion(word, self.grammar.examples.iter().copied());
                    self.error(start, &format!("unknown name \"{word}\"{hint}"))
                }
            });
        };
        self.expect("(")?;
        let code_start = self.code.len();
        for argument in 0..function.body.arity() {
            if argument > 0 {
                self.expect(",")?;
            }
            self.comparison()?;
        }
        self.expect(")")?;
        if *constants_only && self.code[code_start..].contains(&Op::Variable) {
            let variable = self.grammar.variable;
            return Err(self.error(start, &format!("\"{word}\" takes constants only; use \"np.\" for \"{variable}\"")));
        }
        self.code.push(Op::Call(*function));
        Ok(())
    }

    fn expect(&mut self, token: &str) -> Result<()> {
        if self.take(token) { Ok(()) } else { Err(self.unexpected(&format!("\"{token}\""))) }
    }
}

#[cfg(test)]
mod tests;
